package dev.ondine.explorer.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import org.junit.jupiter.api.Test;

final class RateTest {

    @Test
    void printsTheRateOfTheLoop() {
        Simulation simulation = new Simulation(Worlds.of("48 h", 4, """
                "streams": [{"name": "a", "class": "normal", "arrivals": {"per hour": 6000},
                  "prompt": {"uniform": [10, 300]}, "answer": {"uniform": [20, 200]}}],
                "battery": {"capacity": "1000 Wh"},
                "heat": {"ambient": 25, "joules per kelvin": 100, "kelvin per watt": 1, "throttle": [{"above": 60, "speed": 0.5}]}
                """), DesignCatalogue.NONE);
        long warm = simulation.run(0).steps();
        for (int run = 1; run <= 3; run++) {
            long from = System.nanoTime();
            long steps = simulation.run(run).steps();
            System.out.printf("%,d steps: %,.0f steps/s on one core%n", steps,
                    steps / ((System.nanoTime() - from) * 1e-9));
            assertThat(steps).isCloseTo(warm, withPercentage(1));
        }
    }
}
