package dev.ondine.explorer.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.explorer.simulate.DesignCatalogue;
import dev.ondine.os.FirstComePolicy;
import dev.ondine.os.RoundRobinPolicy;
import dev.ondine.os.SchedulerSettings;
import dev.ondine.os.SchedulingPolicy;
import dev.ondine.os.UrgencyPolicy;
import dev.ondine.os.simulate.SimulatedDevice;
import dev.ondine.roofline.cost.StepCosts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReplayTest {

    private static ReplayReport replay(String name, SchedulingPolicy policy, double load, long seed) throws IOException {
        ReplayScenario scenario = ReplayScenario.example(name);
        return replay(scenario, policy, load, seed, SimulatedReplay.device(scenario));
    }

    private static ReplayReport replay(ReplayScenario scenario, SchedulingPolicy policy, double load, long seed, SimulatedDevice device) {
        StepCosts costs = scenario.design().costs(DesignCatalogue.NONE, 0);
        return SimulatedReplay.run(scenario, costs, device, SchedulerSettings.STANDARD.with(policy), load, seed);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 2", "2, 1", "2, 2", "3, 1"})
    void promisedDeadlinesAreKept(double load, long seed) throws IOException {
        ReplayReport urgency = replay("mixed", new UrgencyPolicy(), load, seed);
        ReplayReport fifo = replay("mixed", new FirstComePolicy(), load, seed);

        System.out.println(urgency.drawn() + "\n" + fifo.drawn());
        assertThat(urgency.promised()).isGreaterThan(50);
        assertThat((double) urgency.missed() / urgency.promised()).isLessThanOrEqualTo(0.01);
    }
}
