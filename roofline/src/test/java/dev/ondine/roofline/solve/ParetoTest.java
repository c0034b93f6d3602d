package dev.ondine.roofline.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.plan.Plan;
import dev.ondine.roofline.plan.PlanRequest;
import dev.ondine.roofline.plan.Planner;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ParetoTest {

    private static final Device PHONE = Device.imaginary().with(Spec.MEMORY_BANDWIDTH, 76.8e9).with(Spec.MEMORY_CAPACITY, 8e9)
            .with(Spec.INT8_PEAK, 40e12);
    private static final Device SLOW_PHONE = PHONE.with(Spec.MEMORY_BANDWIDTH, 51.2e9);

    private static PlanRequest request(long parameters, String format, Device device) {
        return PlanRequest.of(ModelShape.ofParameters(parameters + " parameters", parameters), Precision.named(format), device);
    }

    /** For each point every other is asked, one number at a time, whether it is nowhere worse and somewhere better. */
    private static List<Pareto.Candidate> bruteForce(List<Pareto.Candidate> candidates) {
        List<Pareto.Candidate> front = new ArrayList<>();
        for (Pareto.Candidate candidate : candidates) {
            double[] numbers = numbers(candidate);
            boolean beaten = Double.isNaN(numbers[1]);
            for (Pareto.Candidate other : candidates) {
                double[] others = numbers(other);
                int worse = 0;
                int better = 0;
                for (int i = 0; i < numbers.length; i++) {
                    worse += others[i] >= numbers[i] ? 0 : 1;
                    better += others[i] > numbers[i] ? 1 : 0;
                }
                beaten |= worse == 0 && better > 0;
            }
            if (!beaten) {
                front.add(candidate);
            }
        }
        return front;
    }

    private static double[] numbers(Pareto.Candidate candidate) {
        Plan plan = Planner.plan(candidate.request());
        return new double[] {candidate.quality(), plan.decode().tokensPerSecond(), -plan.footprint().totalBytes(), -plan.joulesPerToken()};
    }

    @Test
    void frontsAreThoseOfBruteForce() {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 20; round++) {
            List<Pareto.Candidate> candidates = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                PlanRequest request = request(random.nextInt(1, 30) * 500_000_000L, List.of("FP16", "INT8", "INT4").get(random.nextInt(3)),
                        random.nextBoolean() ? PHONE : SLOW_PHONE);
                candidates.add(random.nextBoolean() ? Pareto.Candidate.of(request) : new Pareto.Candidate(request, random.nextInt(5, 12)));
            }
            List<Pareto.Point> front = Pareto.front(candidates);

            assertThat(front).extracting(Pareto.Point::candidate).isEqualTo(bruteForce(candidates)).isNotEmpty();
        }
    }

    @Test
    void keepsTiesInOrderAndLeavesOutWhatDoesNotRun() {
        Pareto.Candidate one = new Pareto.Candidate(request(7_000_000_000L, "INT4", PHONE), 60);
        Pareto.Candidate same = new Pareto.Candidate(request(7_000_000_000L, "4", PHONE), 60);
        Pareto.Candidate slower = new Pareto.Candidate(request(7_000_000_000L, "INT4", SLOW_PHONE), 60);
        Pareto.Candidate tooLarge = new Pareto.Candidate(request(70_000_000_000L, "INT4", PHONE), 90);

        assertThat(Pareto.front(List.of(same, slower, one, tooLarge))).extracting(Pareto.Point::candidate).containsExactly(same, one);
        assertThat(Pareto.front(List.of())).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> new Pareto.Candidate(one.request(), Double.NaN));
    }
}
