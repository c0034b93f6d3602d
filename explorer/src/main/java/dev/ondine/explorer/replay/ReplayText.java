package dev.ondine.explorer.replay;

import dev.ondine.os.SchedulerStats;
import dev.ondine.os.SchedulerStats.Times;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Replay reports for people and for programs. */
final class ReplayText {

    private ReplayText() {
    }

    static String json(ReplayReport report) {
        SchedulerStats stats = report.stats();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("scenario", report.scenario()).put("mode", report.mode()).put("policy", report.policy()).put("load", report.load())
                .put("seed", report.seed()).put("seconds", report.seconds()).put("steps", stats.steps())
                .put("busy_seconds", stats.busySeconds()).put("answer_tokens", stats.decodedTokens())
                .put("prefill_tokens", stats.prefillTokens()).put("answer_tokens_per_second", report.answerRate())
                .put("promised", report.promised()).put("missed", report.missed()).put("refused", report.refused())
                .put("preemptions", stats.preemptions()).put("parked_bytes", stats.parkedBytes());
        times(json.putObject("interrupt_latency_seconds"), stats.interruptLatency());
        times(json.putObject("urgent_latency_seconds"), stats.urgentLatency());
        times(json.putObject("step_seconds"), stats.stepTimes());
        ArrayNode classes = json.putArray("classes");
        for (ReplayReport.Group group : report.classes()) {
            ObjectNode one = classes.addObject().put("name", group.name()).put("arrivals", group.arrivals())
                    .put("completed", group.completed()).put("refused", group.refused()).put("promised", group.promised())
                    .put("missed", group.missed());
            times(one.putObject("first_token_seconds"), group.firstToken());
            times(one.putObject("completion_seconds"), group.completion());
        }
        ArrayNode residuals = json.putArray("step_residuals");
        report.residuals().forEach(one -> residuals.addObject().put("kind", one.kind()).put("steps", one.steps())
                .put("median_seconds", one.medianSeconds()).put("median_error", one.medianError()).put("median_size", one.medianSize())
                .put("model_ratio", one.modelRatio()));
        return JsonMapper.builder().build().writeValueAsString(json);
    }

    private static void times(ObjectNode json, Times times) {
        json.put("count", times.count()).put("mean", times.mean()).put("p50", times.p50()).put("p99", times.p99()).put("max", times.max());
    }

    static String drawn(ReplayReport report) {
        SchedulerStats stats = report.stats();
        StringBuilder text = new StringBuilder();
        line(text, "%s, %s, policy %s, load %s, seed %d", report.scenario(), report.mode(), report.policy(), report.load(), report.seed());
        line(text, "%.1f s, %d steps, busy %.0f %%, %.1f answer tokens/s, %d preemptions, %.1f MB moved", report.seconds(), stats.steps(),
                100 * stats.busySeconds() / report.seconds(), report.answerRate(), stats.preemptions(), stats.parkedBytes() * 1e-6);
        line(text, "%-11s %6s %6s %7s   %27s   %27s   %8s %6s", "class", "tasks", "ended", "refused", "first token p50/p99/max s",
                "completion p50/p99/max s", "promised", "missed");
        for (ReplayReport.Group group : report.classes()) {
            line(text, "%-11s %6d %6d %7d   %27s   %27s   %8d %6d", group.name(), group.arrivals(), group.completed(), group.refused(),
                    times(group.firstToken(), 1, "%.3f"), times(group.completion(), 1, "%.2f"), group.promised(), group.missed());
        }
        latency(text, "interrupts wait", stats.interruptLatency());
        latency(text, "more urgent than all that ran wait", stats.urgentLatency());
        latency(text, "steps take", stats.stepTimes());
        for (ReplayReport.StepResiduals one : report.residuals()) {
            line(text, "%-6s steps: %6d, median %7.2f ms, against what was expected %+.1f %% (median size %.1f %%), against the model x %.2f",
                    one.kind(), one.steps(), 1e3 * one.medianSeconds(), 100 * one.medianError(), 100 * one.medianSize(), one.modelRatio());
        }
        return text.toString();
    }

    private static void latency(StringBuilder text, String what, Times times) {
        if (times.count() > 0) {
            line(text, "%s %s ms (p50/p99/max of %d)", what, times(times, 1e3, "%.1f"), times.count());
        }
    }

    private static String times(Times times, double factor, String format) {
        return (format + "/" + format + "/" + format).formatted(factor * times.p50(), factor * times.p99(), factor * times.max());
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
