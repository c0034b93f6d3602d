package dev.ondine.explorer.simulate;

import dev.ondine.os.PriorityClass;
import java.util.List;
import java.util.Map;

/**
 * What a simulated time brought.
 *
 * @param seconds            of the scenario
 * @param busySeconds        in which a step ran
 * @param longestStepSeconds that an urgent task may have to wait at worst
 * @param assumptions        in words, where the device's figures are unknown
 */
public record ScenarioReport(String scenario, long seed, double seconds, long steps, double busySeconds, double longestStepSeconds,
        Physics physics, List<Group> classes, List<Group> streams, Timeline timeline, List<String> assumptions) {

    /**
     * Energy, heat and memory.
     *
     * @param drawnJoules      of the whole device, idle and radio included
     * @param startShare       of the battery; NaN without one
     * @param endShare         likewise
     * @param chargedJoules    that went into the battery
     * @param highestCelsius   NaN without a model of heat
     * @param throttledSeconds below full speed
     * @param offSeconds       with an empty battery
     * @param weightBytes      of the model
     * @param mostCacheBytes   of all tasks at once
     */
    public record Physics(double drawnJoules, double startShare, double endShare, double chargedJoules, double highestCelsius,
            double throttledSeconds, double offSeconds, double weightBytes, double mostCacheBytes) {
    }

    /**
     * Tasks of one stream or one class.
     *
     * @param refused         at the arrival: by the policy, for a context that is too short, or because the device was off
     * @param left            neither complete nor refused when the scenario ended
     * @param toCloud         sent as a whole
     * @param firstToken      from the arrival
     * @param completion      from the arrival
     * @param lateFirstTokens deadlines that were missed, or had passed at the end
     * @param promptTokens    asked, by modality
     * @param readTokens      of prompts, that were processed
     * @param unreadTokens    of prompts, that were not
     * @param askedTokens     of answers: given by the device, given by the cloud, or left
     * @param leftTokens      of answers, of tasks that were refused or not complete
     * @param deviceTokens    of answers, that the device gave
     * @param cloudTokens     of answers, that the cloud gave
     * @param draftedTokens   that the device proposed
     * @param joules          of its rows in steps, and of the radio
     * @param busySeconds     its share of the steps
     */
    public record Group(String name, long arrivals, long completed, long refused, long left, long toCloud,
            Latency firstToken, Latency completion, long lateFirstTokens, long lateCompletions, Map<String, Long> promptTokens,
            long readTokens, long unreadTokens, long askedTokens, long leftTokens, long deviceTokens, long cloudTokens,
            long draftedTokens, double joules, double busySeconds) {
    }

    public double utilisation() {
        return busySeconds / seconds;
    }

    /** @throws IllegalArgumentException if there is none of the name */
    public Group stream(String name) {
        return named(streams, name);
    }

    public Group priorityClass(PriorityClass priority) {
        return named(classes, JsonPlace.word(priority));
    }

    private static Group named(List<Group> groups, String name) {
        return groups.stream().filter(group -> group.name().equals(name)).findAny().orElseThrow(() -> new IllegalArgumentException(
                "there is no \"%s\", expected one of %s".formatted(name, String.join(", ", groups.stream().map(Group::name).toList()))));
    }

    /** Equal reports give equal text. */
    public String json() {
        return ReportJson.of(this);
    }

    /** A screen for a terminal. */
    public String drawn(int columns) {
        return ReportDrawing.of(this, columns);
    }
}
