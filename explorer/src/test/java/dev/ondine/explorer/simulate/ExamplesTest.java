package dev.ondine.explorer.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ExamplesTest {

    static List<String> examples() {
        return Scenario.examples();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void examplesRunAndBalance(String name) throws IOException {
        ScenarioReport report = Simulation.run(Scenario.example(name), DesignCatalogue.NONE, 7);
        System.out.println(report.drawn(110));
        assertThat(report.steps()).isPositive();
        assertThat(report.streams()).allSatisfy(group -> {
            assertThat(group.arrivals()).as("arrivals").isPositive();
            assertThat(group.completed() + group.refused() + group.left()).isEqualTo(group.arrivals());
        });
        assertThat(report.utilisation()).isBetween(0.0, 1.0);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void equalSeedsGiveEqualTextAndOthersDoNot(String name) throws IOException {
        Scenario scenario = Scenario.example(name);
        String first = Simulation.run(scenario, DesignCatalogue.NONE, 11).json();
        assertThat(Simulation.run(scenario, DesignCatalogue.NONE, 11).json()).isEqualTo(first);
        assertThat(Simulation.run(scenario, DesignCatalogue.NONE, 12).json()).isNotEqualTo(first);
    }

    @Test
    void stepsTakeLessThanAMicrosecondEachIsPrinted() throws IOException {
        Simulation simulation = new Simulation(Scenario.example("robot-50hz"), DesignCatalogue.NONE);
        long steps = 0;
        long seed = 0;
        long start = System.nanoTime();
        while (System.nanoTime() - start < 1_000_000_000L) {
            steps = simulation.run(seed++).steps();
        }
        long from = System.nanoTime();
        steps = 0;
        while (System.nanoTime() - from < 1_000_000_000L) {
            steps += simulation.run(seed++).steps();
        }
        System.out.printf("simulated steps/s on one core: %,.0f%n", steps / ((System.nanoTime() - from) * 1e-9));
        assertThat(steps).isPositive();
    }
}
