package dev.ondine.explorer.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.testkit.AllocatedBytes;
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
        assertThat(report.steps()).isPositive();
        assertThat(report.streams()).allSatisfy(group -> {
            assertThat(group.arrivals()).as("arrivals").isPositive();
            assertThat(group.completed() + group.refused() + group.left()).isEqualTo(group.arrivals());
            assertThat(group.deviceTokens() + group.cloudTokens() + group.leftTokens()).as("answers").isEqualTo(group.askedTokens());
            assertThat(group.readTokens() + group.unreadTokens()).as("prompts")
                    .isEqualTo(group.promptTokens().values().stream().mapToLong(Long::longValue).sum());
        });
        assertThat(report.streams().stream().mapToDouble(ScenarioReport.Group::busySeconds).sum())
                .isEqualTo(report.busySeconds(), within(1e-6));
        assertThat(report.utilisation()).isBetween(0.0, 1.0);
        assertThat(report.drawn(110).lines()).allMatch(line -> line.length() <= 150)
                .anyMatch(line -> line.startsWith("device tokens") && line.matches(".*[▁▂▃▄▅▆▇█].*"))
                .anyMatch(line -> line.startsWith(report.streams().getFirst().name()));
    }

    @Test
    void thePhoneBalancesItsBattery() throws IOException {
        ScenarioReport.Physics physics = Simulation.run(Scenario.example("phone-day"), DesignCatalogue.NONE, 7).physics();
        double capacity = 19 * 3600;
        assertThat(physics.endShare() * capacity)
                .isEqualTo(physics.startShare() * capacity + physics.chargedJoules() - physics.drawnJoules(), within(1e-3));
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
    void theLoopAllocatesNothingPerStep() throws IOException {
        Simulation simulation = new Simulation(Scenario.example("robot-50hz"), DesignCatalogue.NONE);
        long steps = simulation.run(0).steps();
        long from = System.nanoTime();
        long bytes = AllocatedBytes.during(() -> simulation.run(1));
        double rate = steps / ((System.nanoTime() - from) * 1e-9);
        // The report keeps two times of each of 30,000 tasks, in arrays that double; a step in four ends a task.
        System.out.printf("simulated steps/s, second run: %,.0f; %.1f bytes a step%n", rate, (double) bytes / steps);
        assertThat(bytes).isLessThan(60 * steps);
    }
}
