package dev.ondine.explorer.simulate;

import java.util.Locale;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What many devices asked of a shared cloud.
 *
 * @param steps         of all devices
 * @param drawnJoules   of all devices
 * @param deviceTokens  of answers, that devices gave
 * @param cloudTokens   of answers, that the cloud gave
 * @param lateOnDevices deadlines that were missed even without queues in the cloud
 * @param cloud         with the scenario's servers
 * @param waitTarget    most seconds that one request in a hundred may wait
 * @param needed        the same with as few servers as keep to the target
 */
public record FleetReport(String scenario, long seed, int devices, long arrivals, long completed, long refused, long steps,
        double drawnJoules, long deviceTokens, long cloudTokens, long lateOnDevices, CloudLoad cloud, double waitTarget, CloudLoad needed) {

    /**
     * A cloud under the load of a fleet.
     *
     * @param slots        of each server
     * @param queueing     seconds until a slot is free
     * @param utilisation  share of the slots that are busy
     * @param longestQueue requests that waited at once
     * @param late         requests whose first token missed its deadline because of the load
     */
    public record CloudLoad(int servers, int slots, long requests, Latency queueing, double utilisation, int longestQueue, long late) {
    }

    /** Equal reports give equal text. */
    public String json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("scenario", scenario).put("seed", seed).put("devices", devices).put("arrivals", arrivals).put("completed", completed)
                .put("refused", refused).put("steps", steps);
        ReportJson.number(json, "drawn_joules", drawnJoules);
        json.put("device_tokens", deviceTokens).put("cloud_tokens", cloudTokens).put("late_on_devices", lateOnDevices);
        load(json.putObject("cloud"), cloud);
        ReportJson.number(json, "wait_target_seconds", waitTarget);
        load(json.putObject("needed"), needed);
        return ReportJson.text(json);
    }

    private static void load(ObjectNode json, CloudLoad load) {
        json.put("servers", load.servers()).put("slots", load.slots()).put("requests", load.requests());
        ReportJson.latency(json.putObject("wait_seconds"), load.queueing());
        ReportJson.number(json, "utilisation", load.utilisation());
        json.put("longest_queue", load.longestQueue()).put("late_first_tokens", load.late());
    }

    /** A few lines for a terminal. */
    public String drawn() {
        String devicesAlone = String.format(Locale.ROOT, "%s: %,d devices, %,d tasks, %,d complete, %,d refused, %,d deadlines missed on "
                + "devices\ntokens: %,d from devices, %,d from the cloud; %.1f kJ on devices\n", scenario, devices, arrivals, completed,
                refused, lateOnDevices, deviceTokens, cloudTokens, drawnJoules / 1e3);
        return devicesAlone + drawn("cloud", cloud) + drawn("needed for p99 " + ReportDrawing.time(waitTarget), needed);
    }

    private static String drawn(String name, CloudLoad load) {
        return String.format(Locale.ROOT, "%s: %d servers x %d, %,d requests, %.1f %% busy, wait p50 %s, p99 %s, most %s, queue up to %d, "
                + "%,d first tokens late by load\n", name, load.servers(), load.slots(), load.requests(), 100 * load.utilisation(),
                ReportDrawing.time(load.queueing().p50()), ReportDrawing.time(load.queueing().p99()),
                ReportDrawing.time(load.queueing().max()),
                load.longestQueue(), load.late());
    }
}
