package dev.ondine.roofline.solve;

import dev.ondine.roofline.plan.Plan;
import dev.ondine.roofline.plan.PlanRequest;
import dev.ondine.roofline.plan.Planner;
import java.util.List;

/** Fronts of what is worth choosing: points that no other beats in quality, speed, memory and energy at once. */
public final class Pareto {

    private Pareto() {
    }

    /**
     * A model in a format on a device.
     *
     * @param quality more is better: a published score or the {@link QualityProxy}, the same for all candidates
     */
    public record Candidate(PlanRequest request, double quality) {

        public Candidate {
            if (Double.isNaN(quality)) {
                throw new IllegalArgumentException(request.shape().name() + " has no quality; give a score or the proxy");
            }
        }

        /** With the proxy for its quality. */
        public static Candidate of(PlanRequest request) {
            return new Candidate(request, QualityProxy.of(request.shape(), request.precision()));
        }
    }

    /** A candidate and what to expect of it. */
    public record Point(Candidate candidate, Plan plan) {

        /** Of one sequence. */
        public double tokensPerSecond() {
            return plan.decode().tokensPerSecond();
        }

        public double bytes() {
            return plan.footprint().totalBytes();
        }

        public double joulesPerToken() {
            return plan.joulesPerToken();
        }

        boolean isKnown() {
            return plan.decode().isKnown() && !Double.isNaN(joulesPerToken());
        }

        /** At least as good in everything and better in something. */
        public boolean dominates(Point other) {
            double quality = candidate.quality;
            return quality >= other.candidate.quality && tokensPerSecond() >= other.tokensPerSecond() && bytes() <= other.bytes()
                    && joulesPerToken() <= other.joulesPerToken()
                    && (quality > other.candidate.quality || tokensPerSecond() > other.tokensPerSecond() || bytes() < other.bytes()
                    || joulesPerToken() < other.joulesPerToken());
        }
    }

    /**
     * The points that no other dominates, in the order of the candidates; equal points all stay. Candidates whose speed is
     * unknown, such as those that do not fit and have no known flash, are left out.
     */
    public static List<Point> front(List<Candidate> candidates) {
        List<Point> points = candidates.stream().map(candidate -> new Point(candidate, Planner.plan(candidate.request)))
                .filter(Point::isKnown).toList();
        return points.stream().filter(point -> points.stream().noneMatch(other -> other.dominates(point))).toList();
    }
}
