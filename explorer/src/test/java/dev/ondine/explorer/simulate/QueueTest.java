package dev.ondine.explorer.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Waiting times against the Pollaczek-Khinchine formula for constant service: W = load x S / (2 (1 - load)). */
final class QueueTest {

    private static final double SERVICE = Worlds.STEP;

    private static double expectedWait(double load) {
        return load * SERVICE / (2 * (1 - load));
    }

    @ParameterizedTest(name = "M/D/1 on a device at load {0}")
    @ValueSource(doubles = {0.3, 0.5, 0.8})
    void tasksOfOneStepWaitAsTheoryHasIt(double load) {
        ScenarioReport report = Worlds.run("4 h", 1, """
                "streams": [{"name": "a", "class": "normal", "arrivals": {"per hour": %s}, "prompt": 1, "answer": 1}]"""
                .formatted(3600 * load / SERVICE));
        double waited = report.stream("a").firstToken().mean() - SERVICE;
        assertThat(waited).isEqualTo(expectedWait(load), within(0.03 * expectedWait(load)));
        assertThat(report.utilisation()).isEqualTo(load, within(0.01));
    }

    @Test
    @DisplayName("M/D/1 on a cloud server with one slot at load 0.7")
    void requestsToOneSlotWaitAsTheoryHasIt() {
        CloudRequests requests = new CloudRequests();
        SplittableRandom random = new SplittableRandom(5);
        double time = 0;
        for (int i = 0; i < 400_000; i++) {
            time -= Math.log1p(-random.nextDouble()) * SERVICE / 0.7;
            requests.request(time, 0, 0, Double.POSITIVE_INFINITY);
        }
        CloudService service = CloudService.of(new CloudService.Speed(SERVICE, 0, 1e-3, SERVICE), 1, 4, 1);
        FleetReport.CloudLoad load = SharedCloud.run(service, requests, 1, 1, time);
        assertThat(load.queueing().mean()).isEqualTo(expectedWait(0.7), within(0.03 * expectedWait(0.7)));
        assertThat(load.utilisation()).isEqualTo(0.7, within(0.01));
    }

    @Test
    void sequencesThatShareAServerSlowEachOther() {
        // Two answers of 10 tokens: a step takes 10 + 5 ms for one of them, 10 + 2 x 5 ms for both. The second comes halfway.
        CloudRequests requests = new CloudRequests();
        requests.request(0, 0, 10, 1);
        requests.request(0.075, 0, 10, 0.01);
        CloudService service = CloudService.of(new CloudService.Speed(0.010, 0.005, 1e-3, 0.015), 1, 4, 1);
        FleetReport.CloudLoad load = SharedCloud.run(service, requests, 1, 2, 1);
        // Alone for 5 tokens (75 ms), together for 5 (100 ms), alone for 5 (75 ms): 250 ms, of which 100 ms count twice.
        assertThat(load.utilisation()).isEqualTo((0.250 + 0.100) / 2, within(1e-9));
        // The second's first token takes 20 ms instead of 15 ms, within its slack of 10 ms.
        assertThat(load.late()).isZero();
    }
}
