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
        return SimulatedReplay.run(scenario, costs, device, SchedulerSettings.STANDARD.with(policy).queueing(10_000, 64), load, seed);
    }

    /** How many times what the device can do, in full batches, comes at load 1. */
    private static double fullLoad(long seed) throws IOException {
        return replay("mixed", new FirstComePolicy(), 1, seed).stats().busySeconds() / 300;
    }

    @ParameterizedTest
    @CsvSource({"0.9, 1, 0", "0.9, 2, 0", "0.9, 3, 0.03", "2, 1, 0", "2, 2, 0", "2, 3, 0.03"})
    void promisedDeadlinesAreKept(double load, long seed, double noise) throws IOException {
        ReplayScenario scenario = ReplayScenario.example("mixed");
        SimulatedDevice device = SimulatedReplay.device(scenario).taking(1, 1, noise);
        ReplayReport urgency = replay(scenario, new UrgencyPolicy(), load / fullLoad(seed), seed, device);
        ReplayReport fifo = replay(scenario, new FirstComePolicy(), load / fullLoad(seed), seed, device);

        assertThat(urgency.promised()).isGreaterThan(100);
        assertThat((double) urgency.missed() / urgency.promised()).isLessThanOrEqualTo(0.01);
        assertThat((double) fifo.missed() / fifo.promised()).as("the others on the same tasks").isGreaterThan(0.1);
        assertThat(urgency.answerRate()).as("order costs little").isGreaterThan(0.9 * fifo.answerRate());
        assertThat(urgency.stats().interruptLatency().max()).isLessThan(0.05 + 0.05);
    }

    /** The scenario with one stream alone. */
    private static ReplayScenario only(ReplayScenario whole, String stream) {
        return new ReplayScenario(whole.name(), whole.seconds(), whole.localStart(), whole.design(), whole.cacheTokens(),
                whole.streams().stream().filter(one -> one.stream().name().equals(stream)).toList());
    }

    @Test
    void aFloodHardlySlowsPeopleAndInterrupts() throws IOException {
        ReplayScenario flood = ReplayScenario.example("flood");
        ReplayReport idle = replay(only(flood, "people"), new UrgencyPolicy(), 1, 7, SimulatedReplay.device(flood));
        ReplayReport flooded = replay(flood, new UrgencyPolicy(), 1, 7, SimulatedReplay.device(flood));
        ReplayReport fifo = replay(flood, new FirstComePolicy(), 1, 7, SimulatedReplay.device(flood));

        double idleSeconds = idle.group("foreground").firstToken().p50();
        assertThat(flooded.group("foreground").firstToken().p50()).isLessThan(1.3 * idleSeconds);
        assertThat(fifo.group("foreground").firstToken().p50()).isGreaterThan(2 * idleSeconds);
        double decodeSeconds = 0.04;
        assertThat(flooded.stats().interruptLatency().p99()).isLessThan(0.05 + decodeSeconds);
        assertThat(flooded.group("background").completed()).isEqualTo(16);
    }

    /** The first steps may be off; then nothing takes much longer than it may. */
    @ParameterizedTest
    @CsvSource({"10, 10", "0.1, 0.1", "1, 10", "3, 0.3"})
    void learnsTheSpeedOfAMachineThatNobodyKnows(double decode, double read) throws IOException {
        ReplayScenario mixed = ReplayScenario.example("mixed");
        SimulatedDevice device = SimulatedReplay.device(mixed).taking(decode, read, 0.05);
        ReplayReport report = replay(mixed, new UrgencyPolicy(), 0.1, 3, device);

        assertThat(report.residuals()).allSatisfy(one -> assertThat(one.medianSize()).isLessThan(0.15));
        double decodeSeconds = 0.036 * decode;
        // Below 16 tokens a step costs as much as one token: that is as short as it gets.
        assertThat(report.stats().stepTimes().p99()).isLessThan(1.2 * Math.max(0.05, Math.max(2 * decodeSeconds, 0.036 * read)));
        assertThat(report.stats().stepTimes().max()).isLessThan(4 * Math.max(0.05, Math.max(decodeSeconds, 0.036 * read)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void littleCacheLosesNobody(long seed) throws IOException {
        ReplayReport report = replay("agents", new UrgencyPolicy(), 2, seed);

        assertThat(report.stats().preemptions()).isPositive();
        assertThat(report.classes()).allSatisfy(group -> assertThat(group.completed()).isEqualTo(group.arrivals()));
    }

    @Test
    void equalSeedsGiveEqualReports() throws IOException {
        for (String name : ReplayScenario.examples()) {
            assertThat(replay(name, new RoundRobinPolicy(), 1, 5).json()).isEqualTo(replay(name, new RoundRobinPolicy(), 1, 5).json());
            assertThat(replay(name, new UrgencyPolicy(), 1, 5).json()).isNotEqualTo(replay(name, new UrgencyPolicy(), 1, 6).json());
        }
    }

    @Test
    void reportsCanBeRead() throws IOException {
        ReplayReport report = replay("flood", new UrgencyPolicy(), 1, 1);
        assertThat(report.drawn()).contains("policy urgency", "interrupt", "background", "interrupts wait");
        assertThat(report.json()).doesNotContain("\n").contains("\"policy\":\"urgency\"", "\"interrupt_latency_seconds\"", "\"missed\":0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"name\": 3} | x.name is 3, expected a text",
        "{\"name\": \"a\", \"stream\": []} | x has \"stream\", expected only",
        "{\"name\": \"a\", \"streams\": []} | x.streams is [], expected at least one stream",
        "{\"streams\": [{\"weight\": 0, \"name\": \"a\", \"class\": \"normal\", \"arrivals\": {\"per hour\": 1}, \"prompt\": 1, \"answer\": 1}]} "
                + "| x.streams[0].weight is 0, expected",
        "{\"streams\": [{\"place\": \"cloud\", \"name\": \"a\", \"class\": \"normal\", \"arrivals\": {\"per hour\": 1}, \"prompt\": 1, \"answer\": 1}]} "
                + "| x.streams[0].place is \"cloud\", expected device"})
    void mistakesInAFileAreNamed(String json, String message) {
        String whole = json.contains("\"name\": 3") ? json.replace("}", ", \"streams\": [" + STREAM + "], " + DESIGN + "}")
                : json.replaceFirst("\\{", "{" + DESIGN + ", " + (json.contains("\"name\": \"a\", \"stream") ? "" : "\"name\": \"n\", "));
        assertThatThrownBy(() -> ReplayScenario.read(new ByteArrayInputStream(whole.getBytes(StandardCharsets.UTF_8)), "x"))
                .isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(message);
    }

    private static final String STREAM =
            "{\"name\": \"a\", \"class\": \"normal\", \"arrivals\": {\"per hour\": 1}, \"prompt\": 1, \"answer\": 1}";
    private static final String DESIGN = "\"duration\": 1, \"device\": {}, \"model\": {\"name\": \"m\", \"parameters\": 1e9}, \"format\": \"Q4_0\"";
}
