package dev.ondine.roofline.solve;

import dev.ondine.roofline.plan.Plan;
import dev.ondine.roofline.plan.Planner;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The changes that would help a plan most, each tried on the forward model. */
public final class Improvements {

    /** Gains below 2 % are not worth a word. */
    private static final double LEAST_GAIN = 1.02;

    private Improvements() {
    }

    /** The changes that make decoding fastest; if the model does not fit, those first that make it fit. */
    public static List<Improvement> best(Plan plan, int count) {
        return best(plan, count, Aim.DECODE);
    }

    /** At most so many changes, the best first. None of them makes a model too large that fits. */
    public static List<Improvement> best(Plan plan, int count, Aim aim) {
        return new Changes(plan).all().stream().flatMap(change -> tried(plan, change, aim).stream())
                .sorted(Comparator.comparing(Improvement::nowFits).thenComparing(Improvement::gain).reversed()).limit(count).toList();
    }

    private static Optional<Improvement> tried(Plan plan, Change change, Aim aim) {
        return planned(change).map(changed -> new Improvement(change.words(), change.remark(), changed, gain(plan, changed, aim),
                !plan.footprint().fits() && changed.footprint().fits(), aim))
                .filter(improvement -> improvement.gain() >= LEAST_GAIN || improvement.nowFits())
                .filter(improvement -> improvement.plan().footprint().fits() || !plan.footprint().fits());
    }

    /** A calibrated machine has not measured every format. */
    private static Optional<Plan> planned(Change change) {
        try {
            return Optional.of(Planner.plan(change.request()));
        } catch (IllegalArgumentException impossible) {
            return Optional.empty();
        }
    }

    private static double gain(Plan plan, Plan changed, Aim aim) {
        double before = aim.speed(plan);
        double after = aim.speed(changed);
        return Double.isNaN(after) ? 0 : Double.isNaN(before) ? Double.POSITIVE_INFINITY : after / before;
    }
}
