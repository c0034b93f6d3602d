package dev.ondine.explorer.simulate;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reports as JSON: snake case, base units, numbers to seven digits, null for what is not known. */
final class ReportJson {

    private static final MathContext DIGITS = new MathContext(7);

    private ReportJson() {
    }

    static String of(ScenarioReport report) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("scenario", report.scenario()).put("seed", report.seed());
        number(json, "seconds", report.seconds());
        json.put("steps", report.steps());
        number(json, "busy_seconds", report.busySeconds());
        number(json, "utilisation", report.utilisation());
        number(json, "longest_step_seconds", report.longestStepSeconds());
        physics(json.putObject("physics"), report.physics());
        groups(json.putArray("classes"), report.classes(), report.seconds());
        groups(json.putArray("streams"), report.streams(), report.seconds());
        timeline(json.putObject("timeline"), report.timeline());
        report.assumptions().forEach(json.putArray("assumptions")::add);
        return text(json);
    }

    static String text(ObjectNode json) {
        return JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writeValueAsString(json).replace("\r\n", "\n")
                + "\n";
    }

    static void number(ObjectNode json, String key, double value) {
        if (Double.isFinite(value)) {
            json.put(key, rounded(value));
        } else {
            json.putNull(key);
        }
    }

    private static double rounded(double value) {
        return new BigDecimal(value).round(DIGITS).doubleValue();
    }

    private static void physics(ObjectNode json, ScenarioReport.Physics physics) {
        number(json, "drawn_joules", physics.drawnJoules());
        number(json, "battery_start", physics.startShare());
        number(json, "battery_end", physics.endShare());
        number(json, "charged_joules", physics.chargedJoules());
        number(json, "highest_celsius", physics.highestCelsius());
        number(json, "throttled_seconds", physics.throttledSeconds());
        number(json, "off_seconds", physics.offSeconds());
        number(json, "weight_bytes", physics.weightBytes());
        number(json, "most_cache_bytes", physics.mostCacheBytes());
    }

    private static void groups(ArrayNode json, List<ScenarioReport.Group> groups, double seconds) {
        for (ScenarioReport.Group group : groups) {
            ObjectNode one = json.addObject();
            one.put("name", group.name()).put("arrivals", group.arrivals()).put("completed", group.completed())
                    .put("refused", group.refused()).put("left", group.left()).put("to_cloud", group.toCloud());
            latency(one.putObject("first_token_seconds"), group.firstToken());
            latency(one.putObject("completion_seconds"), group.completion());
            one.put("late_first_tokens", group.lateFirstTokens()).put("late_completions", group.lateCompletions());
            ObjectNode prompt = one.putObject("prompt_tokens");
            group.promptTokens().forEach(prompt::put);
            one.put("read_tokens", group.readTokens()).put("unread_tokens", group.unreadTokens()).put("asked_tokens", group.askedTokens())
                    .put("left_tokens", group.leftTokens()).put("device_tokens", group.deviceTokens())
                    .put("cloud_tokens", group.cloudTokens())
                    .put("drafted_tokens", group.draftedTokens());
            number(one, "answer_tokens_per_second", (group.deviceTokens() + group.cloudTokens()) / seconds);
            number(one, "joules", group.joules());
            number(one, "busy_seconds", group.busySeconds());
        }
    }

    static void latency(ObjectNode json, Latency latency) {
        json.put("count", latency.count());
        number(json, "mean", latency.mean());
        number(json, "p50", latency.p50());
        number(json, "p95", latency.p95());
        number(json, "p99", latency.p99());
        number(json, "max", latency.max());
    }

    private static void timeline(ObjectNode json, Timeline timeline) {
        number(json, "bin_seconds", timeline.binSeconds());
        number(json, "local_start", timeline.localStart());
        ArrayNode series = json.putArray("series");
        for (Timeline.Series one : timeline.series()) {
            ArrayNode values = series.addObject().put("name", one.name()).put("unit", one.unit()).putArray("values");
            for (double value : one.values()) {
                if (Double.isFinite(value)) {
                    values.add(rounded(value));
                } else {
                    values.addNull();
                }
            }
        }
    }
}
