package dev.ondine.explorer.simulate;

import java.util.Locale;

/** A report as a screen of text. */
final class ReportDrawing {

    private ReportDrawing() {
    }

    static String of(ScenarioReport report, int columns) {
        StringBuilder text = new StringBuilder();
        line(text, "%s: %s simulated, %,d steps, device busy %.1f %% of the time, longest step %s", report.scenario(),
                time(report.seconds()), report.steps(), 100 * report.utilisation(), time(report.longestStepSeconds()));
        text.append('\n').append(report.timeline().drawn(columns)).append('\n');
        line(text, "%-22s %7s %7s %9s %9s %9s %9s %6s %9s %9s %9s", "", "tasks", "done", "first p50", "first p99", "done p50", "done p99",
                "late", "device", "cloud", "energy");
        report.classes().forEach(group -> row(text, group));
        report.streams().forEach(group -> row(text, group));
        physics(text.append('\n'), report.physics());
        report.assumptions().forEach(assumption -> line(text, "assumed: %s", assumption));
        return text.toString();
    }

    private static void row(StringBuilder text, ScenarioReport.Group group) {
        line(text, "%-22s %7d %7d %9s %9s %9s %9s %6d %9d %9d %7.1f J", group.name(), group.arrivals(), group.completed(),
                time(group.firstToken().p50()), time(group.firstToken().p99()), time(group.completion().p50()),
                time(group.completion().p99()),
                group.lateFirstTokens() + group.lateCompletions(), group.deviceTokens(), group.cloudTokens(), group.joules());
    }

    private static void physics(StringBuilder text, ScenarioReport.Physics physics) {
        line(text, "energy %.0f J (%.2f Wh); weights %.2f GB, caches at most %.3f GB", physics.drawnJoules(), physics.drawnJoules() / 3600,
                physics.weightBytes() / 1e9, physics.mostCacheBytes() / 1e9);
        if (!Double.isNaN(physics.endShare())) {
            line(text, "battery %.0f %% at the start, %.0f %% at the end, %.2f Wh charged, off for %s", 100 * physics.startShare(),
                    100 * physics.endShare(), physics.chargedJoules() / 3600, time(physics.offSeconds()));
        }
        if (!Double.isNaN(physics.highestCelsius())) {
            line(text, "hottest %.1f °C, throttled for %s", physics.highestCelsius(), time(physics.throttledSeconds()));
        }
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }

    static String time(double seconds) {
        if (Double.isNaN(seconds)) {
            return "-";
        }
        return seconds >= 7200 ? String.format(Locale.ROOT, "%.3g h", seconds / 3600)
                : seconds >= 120 ? String.format(Locale.ROOT, "%.3g min", seconds / 60)
                : seconds >= 1 || seconds == 0 ? String.format(Locale.ROOT, "%.3g s", seconds)
                : String.format(Locale.ROOT, "%.3g ms", seconds * 1000);
    }
}
