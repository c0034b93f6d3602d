package dev.ondine.explorer.simulate;

import dev.ondine.explorer.simulate.Timeline.Merge;
import dev.ondine.explorer.simulate.Timeline.Series;
import dev.ondine.os.PriorityClass;
import dev.ondine.roofline.formula.Modality;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The report of a device that has run. */
record ReportMaker(Scenario scenario, DeviceRun run) {

    ScenarioReport report(long seed, double weightBytes, double cacheBytesPerToken, List<String> assumptions) {
        PowerState power = run.power;
        ScenarioReport.Physics physics = new ScenarioReport.Physics(power.drawnJoules(),
                scenario.surroundings().battery().map(Surroundings.Battery::startShare).orElse(Double.NaN),
                power.level() / power.capacity(),
                power.chargedJoules(), power.highestCelsius(), power.throttledSeconds(), power.offSeconds(), weightBytes,
                run.mostCachedTokens * cacheBytesPerToken);
        return new ScenarioReport(scenario.name(), seed, scenario.seconds(), run.steps, run.busySeconds, run.longestStepSeconds, physics,
                classes(), streams(), timeline(), List.copyOf(assumptions));
    }

    private List<ScenarioReport.Group> streams() {
        List<ScenarioReport.Group> groups = new ArrayList<>();
        for (int i = 0; i < run.tallies.length; i++) {
            groups.add(group(scenario.streams().get(i).name(), run.tallies[i]));
        }
        return List.copyOf(groups);
    }

    /** Those that tasks belong to. */
    private List<ScenarioReport.Group> classes() {
        List<ScenarioReport.Group> groups = new ArrayList<>();
        for (PriorityClass priority : PriorityClass.values()) {
            Tally all = new Tally();
            boolean used = false;
            for (int i = 0; i < run.tallies.length; i++) {
                if (scenario.streams().get(i).priority() == priority) {
                    all.add(run.tallies[i]);
                    used = true;
                }
            }
            if (used) {
                groups.add(group(JsonPlace.word(priority), all));
            }
        }
        return List.copyOf(groups);
    }

    private static ScenarioReport.Group group(String name, Tally tally) {
        Map<String, Long> prompt = new TreeMap<>();
        for (Modality modality : Modality.values()) {
            if (tally.promptTokens[modality.ordinal()] > 0) {
                prompt.put(JsonPlace.word(modality), tally.promptTokens[modality.ordinal()]);
            }
        }
        return new ScenarioReport.Group(name, tally.arrivals, tally.completed, tally.refused,
                tally.arrivals - tally.completed - tally.refused, tally.toCloud,
                tally.firstTokens.latency(), tally.completions.latency(), tally.lateFirstTokens, tally.lateCompletions, prompt,
                tally.readTokens, tally.unreadTokens, tally.askedTokens, tally.leftTokens, tally.deviceTokens, tally.cloudTokens,
                tally.draftedTokens, tally.joules, tally.busySeconds);
    }

    private Timeline timeline() {
        TimelineBins bins = run.bins;
        double binSeconds = scenario.seconds() / scenario.bins();
        List<Series> series = new ArrayList<>();
        for (PriorityClass priority : PriorityClass.values()) {
            double[] busy = bins.busySeconds[priority.ordinal()].clone();
            for (int bin = 0; bin < busy.length; bin++) {
                // A step counts where it begins.
                busy[bin] = Math.min(1, busy[bin] / binSeconds);
            }
            series.add(new Series("busy " + JsonPlace.word(priority), "share", Merge.MEAN, busy));
        }
        for (PriorityClass priority : PriorityClass.values()) {
            series.add(new Series("arrivals " + JsonPlace.word(priority), "tasks", Merge.SUM, bins.arrived[priority.ordinal()]));
        }
        series.add(new Series("device tokens", "tokens", Merge.SUM, bins.deviceTokens));
        series.add(new Series("cloud tokens", "tokens", Merge.SUM, bins.cloudTokens));
        series.add(new Series("speed", "share", Merge.MEAN, bins.speed));
        scenario.surroundings().heat().ifPresent(heat -> series.add(new Series("temperature", "°C", Merge.HIGHEST, bins.highestCelsius)));
        scenario.surroundings().battery().ifPresent(battery -> series.add(new Series("battery", "share", Merge.LAST, bins.batteryShare)));
        return new Timeline(binSeconds, scenario.localStart(), series);
    }
}
