package dev.ondine.explorer.simulate;

import dev.ondine.explorer.simulate.Surroundings.Activity;
import dev.ondine.explorer.simulate.Surroundings.Charge;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The known course of the surroundings, cut into stretches in which they stay the same.
 *
 * @param starts   of each stretch, seconds since the start; one more for the end
 * @param watts    that activities draw
 * @param charge   watts
 * @param traffic  which of the scenario's amounts of traffic holds
 * @param bin      of the timeline
 */
record Course(double[] starts, double[] watts, double[] charge, int[] traffic, int[] bin) {

    /** @param trafficLevels bytes per second, each amount that occurs once */
    static Course of(Scenario scenario, double localStart, List<Double> trafficLevels) {
        double[] starts = edges(scenario, localStart);
        int stretches = starts.length - 1;
        Course course = new Course(starts, new double[stretches], new double[stretches], new int[stretches], new int[stretches]);
        for (int i = 0; i < stretches; i++) {
            double middle = (starts[i] + starts[i + 1]) / 2;
            double secondOfDay = DaySpan.secondOfDay(middle + localStart);
            List<Activity> now = scenario.surroundings().activities().stream()
                    .filter(activity -> activity.span().contains(secondOfDay)).toList();
            course.watts[i] = now.stream().mapToDouble(Activity::watts).sum();
            course.traffic[i] = trafficLevels.indexOf(now.stream().mapToDouble(Activity::bytesPerSecond).sum());
            course.charge[i] = scenario.surroundings().battery().map(battery -> battery.charging().stream()
                    .filter(charge -> charge.span().contains(secondOfDay)).mapToDouble(Charge::watts).sum()).orElse(0.0);
            course.bin[i] = (int) Math.min(scenario.bins() - 1, middle / scenario.seconds() * scenario.bins());
        }
        return course;
    }

    /** All amounts of traffic that occur at some time of the day. */
    static List<Double> trafficLevels(Scenario scenario) {
        List<Double> levels = new ArrayList<>();
        for (double edge : dayEdges(scenario)) {
            double traffic = scenario.surroundings().activities().stream().filter(activity -> activity.span().contains(edge))
                    .mapToDouble(Activity::bytesPerSecond).sum();
            if (!levels.contains(traffic)) {
                levels.add(traffic);
            }
        }
        return levels;
    }

    private static TreeSet<Double> dayEdges(Scenario scenario) {
        TreeSet<Double> edges = new TreeSet<>(List.of(0.0));
        List<DaySpan> spans = new ArrayList<>(scenario.surroundings().activities().stream().map(Activity::span).toList());
        scenario.surroundings().battery().ifPresent(battery -> battery.charging().forEach(charge -> spans.add(charge.span())));
        for (DaySpan span : spans) {
            edges.add(DaySpan.secondOfDay(span.fromSecond()));
            edges.add(DaySpan.secondOfDay(span.toSecond()));
        }
        return edges;
    }

    private static double[] edges(Scenario scenario, double localStart) {
        TreeSet<Double> edges = new TreeSet<>();
        for (int bin = 0; bin <= scenario.bins(); bin++) {
            edges.add(scenario.seconds() * bin / scenario.bins());
        }
        TreeSet<Double> ofDay = dayEdges(scenario);
        double firstDay = Math.floor(localStart / DaySpan.DAY_SECONDS) * DaySpan.DAY_SECONDS;
        for (double day = firstDay; day - localStart < scenario.seconds(); day += DaySpan.DAY_SECONDS) {
            for (double edge : ofDay) {
                double time = day + edge - localStart;
                if (time > 0 && time < scenario.seconds()) {
                    edges.add(time);
                }
            }
        }
        return edges.stream().mapToDouble(Double::doubleValue).toArray();
    }

    double end() {
        return starts[starts.length - 1];
    }
}
