package dev.ondine.explorer.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Small worlds whose outcome is worked out beside the assertion. */
final class ByHandTest {

    private static final double EXACT = 1e-9;

    private static final String THREE = """
            "streams": [{"name": "a", "class": "normal", "arrivals": {"at": ["00:00"], "burst": 3}, "prompt": 1, "answer": 5,
              "deadline": {"first token": "130 ms", "completion": "150 ms"}}]""";

    @Test
    void oneAfterTheOtherTheLaterTasksMissTheirDeadlines() {
        // Each takes 5 steps: done after 100, 200, 300 ms; first tokens after 20, 120, 220 ms.
        ScenarioReport.Group group = Worlds.run("1 s", 1, THREE).stream("a");
        assertThat(group.completion().p50()).isEqualTo(0.2, within(EXACT));
        assertThat(group.completion().max()).isEqualTo(0.3, within(EXACT));
        assertThat(group.firstToken().max()).isEqualTo(0.22, within(EXACT));
        assertThat(group.lateCompletions()).isEqualTo(2);
        assertThat(group.lateFirstTokens()).isEqualTo(1);
    }

    @Test
    void togetherTheyAreAllInTime() {
        ScenarioReport report = Worlds.run("1 s", 3, THREE);
        assertThat(report.steps()).isEqualTo(5);
        assertThat(report.stream("a").completion().max()).isEqualTo(0.1, within(EXACT));
        assertThat(report.stream("a").lateCompletions() + report.stream("a").lateFirstTokens()).isZero();
        assertThat(report.busySeconds()).isEqualTo(0.1, within(EXACT));
    }

    @Test
    void whatIsLeftAtTheEndIsCountedAndLateIfItsDeadlineHasPassed() {
        // The third begins after 200 ms; steps that end at 220 and 240 ms are within 250 ms.
        ScenarioReport.Group group = Worlds.run("250 ms", 1, THREE).stream("a");
        assertThat(group.completed()).isEqualTo(2);
        assertThat(group.left()).isEqualTo(1);
        assertThat(group.lateCompletions()).isEqualTo(2);
        assertThat(group.askedTokens()).isEqualTo(15);
        assertThat(group.deviceTokens()).isEqualTo(12);
        assertThat(group.readTokens()).isEqualTo(3);
    }

    @Test
    void longPromptsAreReadInChunks() {
        // 150 tokens in chunks of 64, 64 and 22; the last gives the first token.
        ScenarioReport.Group group = Worlds.run("1 s", 1, """
                "streams": [{"name": "a", "class": "normal", "arrivals": {"at": ["00:00"]}, "prompt": 150, "answer": 1}]""").stream("a");
        assertThat(group.firstToken().max()).isEqualTo(3 * Worlds.STEP, within(EXACT));
        assertThat(group.completion().max()).isEqualTo(3 * Worlds.STEP, within(EXACT));
    }

    @Test
    void throttlesWhenTheClosedFormSaysSo() {
        // 5.6 W through 4 K/W end at 47.4 °C; with 400 s, 41 °C are reached after 400 ln(22.4 / 6.4) s, and half the speed heats no more.
        ScenarioReport report = Worlds.run("600 s", 1, Worlds.ENDLESS + """
                , "heat": {"ambient": 25, "joules per kelvin": 100, "kelvin per watt": 4,
                  "throttle": [{"above": 41, "speed": 0.5}], "hysteresis": 2}""");
        double watts = Worlds.STEP_JOULES / Worlds.STEP;
        double until = 400 * Math.log(watts * 4 / (25 + watts * 4 - 41));
        assertThat(report.physics().throttledSeconds()).isEqualTo(600 - until, within(0.05));
        assertThat(report.physics().highestCelsius()).isEqualTo(41, within(0.001));
        assertThat((double) report.steps()).isEqualTo(until / 0.02 + (600 - until) / 0.04, within(2.0));
    }

    @Test
    void fullSpeedReturnsOnceItIsCoolEnough() {
        // From 41 °C towards 36.2 °C: 39 °C after 400 ln(4.8 / 2.8) = 215.6 s; then up again to 41 °C in 400 ln(8.4 / 6.4) = 108.8 s.
        ScenarioReport report = Worlds.run("3600 s", 1, Worlds.ENDLESS + """
                , "heat": {"ambient": 25, "joules per kelvin": 100, "kelvin per watt": 4,
                  "throttle": [{"above": 41, "speed": 0.5}], "hysteresis": 2}""");
        double down = 400 * Math.log(4.8 / 2.8);
        double up = 400 * Math.log(8.4 / 6.4);
        double cycles = (3600 - 400 * Math.log(22.4 / 6.4)) / (down + up);
        assertThat(Math.floor(cycles)).isEqualTo(9);
        double throttled = 9 * down + Math.min(down, (cycles - 9) * (down + up));
        assertThat(report.physics().throttledSeconds()).isEqualTo(throttled, within(2.0));
    }

    @Test
    void anEmptyBatteryEndsTheWorkUntilItIsCharged() {
        // 36 J at 5.6 W last 6.43 s. From 10 s on 3.6 W come in, and every start needs 0.72 J.
        ScenarioReport alone = Worlds.run("20 s", 1, Worlds.ENDLESS + """
                , "battery": {"capacity": "10 mWh"}""");
        assertThat(alone.physics().drawnJoules()).isEqualTo(36, within(1e-6));
        assertThat(alone.physics().offSeconds()).isEqualTo(20 - 36 / 5.6, within(0.001));
        assertThat(alone.physics().endShare()).isZero();
        ScenarioReport charged = Worlds.run("20 s", 1, Worlds.ENDLESS + """
                , "battery": {"capacity": "10 mWh", "charging": [{"from": "00:00:10", "to": "00:01", "power": "3.6 W"}]}""");
        assertThat(charged.physics().chargedJoules()).isEqualTo(36, within(1e-6));
        assertThat(36 + charged.physics().chargedJoules() - charged.physics().drawnJoules())
                .isEqualTo(36 * charged.physics().endShare(), within(1e-6));
        assertThat(charged.steps()).isGreaterThan(alone.steps());
    }

    @Test
    void otherTrafficSlowsTheSteps() {
        // Half of the bandwidth is gone in the second half.
        ScenarioReport report = Worlds.run("100 s", 1, Worlds.ENDLESS + """
                , "activities": [{"name": "camera", "from": "00:00:50", "to": "00:10", "traffic": "50 GB/s", "power": "2 W"}]""");
        assertThat(report.steps()).isBetween(3748L, 3751L);
        assertThat(report.physics().drawnJoules()).isEqualTo(report.steps() * Worlds.STEP_JOULES + 100, within(0.3));
    }

    @ParameterizedTest(name = "a task for the cloud at {0}, first token after {1} s, complete after {2} s")
    @CsvSource({"00:00:01, 0.17, 0.35", "00:00:10, 50.17, 50.35", "00:00:04.7, 0.17, 55.3"})
    void tasksForTheCloudWaitForTheLink(String at, double firstToken, double completion) {
        // 25 ms there, 100 tokens in 100 ms, 20 ms for a token, 25 ms back; no link from 5 s to 60 s. The third's tokens reach that gap.
        int answer = at.endsWith(".7") ? 20 : 10;
        ScenarioReport.Group group = Worlds.run("2 min", 1, """
                "streams": [{"name": "a", "class": "normal", "place": "cloud", "arrivals": {"at": ["%s"]}, "prompt": 100, "answer": %d}],
                "cloud": {"step": "20 ms", "prefill": 1000},
                "link": {"rtt": "50 ms",
                  "spells": [{"from": "00:00:05", "to": "00:01", "offline": true}]}""".formatted(at, answer)).stream("a");
        assertThat(group.firstToken().max()).isEqualTo(firstToken, within(1e-6));
        assertThat(group.completion().max()).isEqualTo(completion, within(1e-6));
        assertThat(group.cloudTokens()).isEqualTo(answer);
    }

    @ParameterizedTest(name = "acceptance {0}, {1} tokens, offline {2}: {3} s, {4} from the device, {5} from the cloud")
    @CsvSource({"1, 10, false, 0.34, 8, 2", "0, 3, false, 0.5, 0, 3", "1, 8, true, 0.18, 8, 0"})
    void draftsAreVerified(double acceptance, int answer, boolean offline, double seconds, int device, int cloud) {
        // The prompt takes 20 ms, a draft of four 80 ms, its way to the verdict and back 50 + 30 ms.
        ScenarioReport.Group group = Worlds.run("10 s", 1, """
                "streams": [{"name": "a", "class": "normal", "place": "draft", "arrivals": {"at": ["00:00"]}, "prompt": 1, "answer": %d}],
                "cloud": {"step": "20 ms", "prefill": 1000, "verify": "30 ms", "draft tokens": 4, "acceptance": %s},
                "link": {"rtt": "50 ms", "offline": %s}""".formatted(answer, acceptance, offline)).stream("a");
        assertThat(group.completion().max()).isEqualTo(seconds, within(EXACT));
        assertThat(group.deviceTokens()).isEqualTo(device);
        assertThat(group.cloudTokens()).isEqualTo(cloud);
    }

    @Test
    void eitherPlaceMeansTheSoonerOne() {
        // Alone 10 tokens take 200 ms here and 370 ms there; the second task would wait here.
        ScenarioReport.Group group = Worlds.run("10 s", 1, """
                "streams": [{"name": "a", "class": "normal", "place": "either", "arrivals": {"at": ["00:00"], "burst": 2}, "prompt": 100,
                  "answer": 10}],
                "cloud": {"step": "20 ms", "prefill": 1000}, "link": {"rtt": "50 ms"}""").stream("a");
        assertThat(group.toCloud()).isEqualTo(1);
        assertThat(group.deviceTokens()).isEqualTo(10);
        assertThat(group.cloudTokens()).isEqualTo(10);
    }

    @Test
    void aMachineInTheCloudGivesItsTimes() {
        // The same 2 GB for a step of any batch at 200 GB/s: 10 ms a token, a prompt of 64 in one step, 10 / 64 ms a token.
        ScenarioReport.Group group = Worlds.run("10 s", 1, """
                "streams": [{"name": "a", "class": "normal", "place": "cloud", "arrivals": {"at": ["00:00"]}, "prompt": 128, "answer": 5}],
                "cloud": {"machine": {"device": {"figures": {"memory bandwidth": "200 GB/s", "fp16 peak": "1000 TFLOPS",
                  "int8 peak": "1000 TOPS"}}, "model": {"parameters": 1e9}, "format": "FP16",
                  "efficiency": {"memory": 1, "compute": 1}, "scheduler": {"batch": 8, "chunk": 64}}},
                "link": {"rtt": "50 ms"}""").stream("a");
        assertThat(group.firstToken().max()).isEqualTo(0.05 + 0.02 + 0.01, within(EXACT));
        assertThat(group.completion().max()).isEqualTo(0.05 + 0.02 + 0.05, within(EXACT));
    }

    @Test
    void nothingArrivesAtADeviceThatIsOff() {
        ScenarioReport.Group group = Worlds.run("10 s", 1, """
                "streams": [{"name": "a", "class": "normal", "arrivals": {"every": "1 s"}, "prompt": 1, "answer": 1}],
                "battery": {"capacity": "10 mWh", "start": 0}""").stream("a");
        assertThat(group.arrivals()).isEqualTo(10);
        assertThat(group.refused()).isEqualTo(10);
    }
}
