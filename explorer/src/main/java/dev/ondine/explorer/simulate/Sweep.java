package dev.ondine.explorer.simulate;

import dev.ondine.roofline.device.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * One scenario on many designs: every combination of the choices on all axes. All processors work; results come in the order of the
 * combinations, the last axis fastest.
 */
public record Sweep(Scenario scenario, List<Axis> axes) {

    private static final int MOST_POINTS = 100_000;

    public Sweep {
        axes = List.copyOf(axes);
        long points = axes.stream().mapToLong(axis -> axis.choices().size()).reduce(1, Math::multiplyExact);
        if (points < 1 || points > MOST_POINTS) {
            throw new IllegalArgumentException("a sweep over %d designs, expected 1 to %d".formatted(points, MOST_POINTS));
        }
    }

    /** One thing that is varied. */
    public record Axis(String name, List<Choice> choices) {

        public Axis {
            choices = List.copyOf(choices);
        }

        /** A figure of the device, in base units. */
        public static Axis figure(Spec spec, double... values) {
            return new Axis(spec.key(), IntStream.range(0, values.length).mapToObj(i ->
                    new Choice(Double.toString(values[i]), design -> design.withFigure(spec, values[i]))).toList());
        }

        public static Axis formats(String... names) {
            return new Axis("format", List.of(names).stream().map(name -> new Choice(name, design -> design.withFormat(name))).toList());
        }

        /** Most tasks in progress at once. */
        public static Axis batches(int... limits) {
            return new Axis("batch", IntStream.of(limits).mapToObj(limit ->
                    new Choice(Integer.toString(limit), design -> design.withBatch(limit))).toList());
        }
    }

    /** One value on an axis. */
    public record Choice(String label, UnaryOperator<DesignPoint> change) {
    }

    /** What one design brought. @param labels of the choices, one for each axis */
    public record Point(List<String> labels, ScenarioReport report) {
    }

    /** All designs with the same seed, so that they differ in nothing but the design. */
    public List<Point> run(DesignCatalogue catalogue, long seed) {
        int points = axes.stream().mapToInt(axis -> axis.choices().size()).reduce(1, Math::multiplyExact);
        return IntStream.range(0, points).parallel().mapToObj(point -> at(point, catalogue, seed)).toList();
    }

    private Point at(int point, DesignCatalogue catalogue, long seed) {
        List<String> labels = new ArrayList<>();
        DesignPoint design = scenario.design();
        int rest = point;
        for (Axis axis : axes.reversed()) {
            Choice choice = axis.choices().get(rest % axis.choices().size());
            rest /= axis.choices().size();
            labels.addFirst(choice.label());
            design = choice.change().apply(design);
        }
        return new Point(List.copyOf(labels), Simulation.run(scenario.withDesign(design), catalogue, seed));
    }
}
