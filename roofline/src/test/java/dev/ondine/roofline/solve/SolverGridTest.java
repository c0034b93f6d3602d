package dev.ondine.roofline.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.roofline.cost.Efficiency;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.plan.CloudLink;
import dev.ondine.roofline.plan.Drafting;
import dev.ondine.roofline.plan.PlanRequest;
import dev.ondine.roofline.plan.Workload;
import dev.ondine.roofline.shape.AttentionSizes;
import dev.ondine.roofline.shape.FeedForwardSizes;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.TransformerSizes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The solver against the forward model on a dense grid, over random models, devices and goals. */
class SolverGridTest {

    private static final int QUESTIONS = 40;
    private static final int DENSE = 150;

    private final SplittableRandom random = new SplittableRandom(4);
    private int solved;
    private int refused;

    @ParameterizedTest
    @EnumSource
    void agreesWithTheForwardModelOrRefusesRightly(Unknown unknown) {
        for (int i = 0; i < QUESTIONS; i++) {
            check(request(), unknown);
        }
        assertThat(solved).as("solved").isGreaterThan(QUESTIONS / 10);
        assertThat(refused).as("refused").isPositive();
    }

    private void check(PlanRequest request, Unknown unknown) {
        Question question = question(request, unknown);
        try {
            checkSolution(request, Solver.solve(request, question));
            solved++;
        } catch (UnreachableTargetException refusal) {
            checkRefusal(request, question.addressed(), refusal);
            refused++;
        }
    }

    private void checkSolution(PlanRequest request, Solution solution) {
        Unknown unknown = solution.question().unknown();
        String told = "%s of %s: %s".formatted(solution.question(), request, solution.words());
        assertThat(solution.slacks()).as(told).allMatch(slack -> slack.room() >= -1e-6);
        double away = solution.extreme() == Extreme.LEAST ? -1 : 1;
        double next = unknown.isWhole() ? solution.value() + away : solution.value() * (1 + away * 1e-6) + away * 1e-12;
        Solution.Slack bound = solution.slacks().get(solution.question().goals().indexOf(solution.binding()));
        if (unknown.axis(request).least() <= next && next <= unknown.axis(request).most()) {
            double margin = solution.binding().margin(unknown.outcome(request, next));
            assertThat(margin).as(told).isLessThan(0);
            if (margin > -1e-3) {
                // No jump: a continuous number meets the goal that binds it exactly; keys and values grow by one number a token.
                double exact = unknown == Unknown.PARAMETERS ? 1e-5 : unknown.isWhole() ? 1e-3 : 1e-6;
                assertThat(bound.room()).as(told).isCloseTo(0, within(exact));
            }
        }
        double[] beyond = dense(request, unknown).filter(value -> (value - solution.value()) * away > Math.abs(solution.value()) * 1e-6)
                .filter(value -> meets(request, solution.question(), value)).toArray();
        assertThat(beyond).as(told).isEmpty();
    }

    private static void checkRefusal(PlanRequest request, Question question, UnreachableTargetException refusal) {
        Unknown unknown = question.unknown();
        double[] meeting = dense(request, unknown).filter(value -> meets(request, question, value)).toArray();
        if (refusal.getMessage().matches("(?s).*(already met|which is met).*")) {
            Axis axis = unknown.axis(request);
            assertThat(meets(request, question, axis.least()) || meets(request, question, axis.most())).as(refusal.getMessage()).isTrue();
        } else {
            assertThat(meeting).as("%s: %s".formatted(request, refusal.getMessage())).isEmpty();
            Question upToBinding = new Question(unknown, question.target(),
                    question.goals().subList(0, question.goals().indexOf(refusal.binding()) + 1));
            assertThat(dense(request, unknown).filter(value -> meets(request, upToBinding, value))).as(refusal.getMessage()).isEmpty();
        }
    }

    private static boolean meets(PlanRequest request, Question question, double value) {
        Outcome outcome = question.unknown().outcome(request, value);
        return question.goals().stream().allMatch(goal -> goal.margin(outcome) >= 0);
    }

    private static DoubleStream dense(PlanRequest request, Unknown unknown) {
        Axis axis = unknown.axis(request);
        double from = Math.max(axis.least(), unknown.isWhole() ? 1 : 1e-5);
        DoubleStream inner = IntStream.range(0, DENSE).mapToDouble(i -> axis.isLinear() ? i / (DENSE - 1.0)
                : from * Math.pow(axis.most() / from, i / (DENSE - 1.0))).map(value -> unknown.isWhole() ? Math.rint(value) : value);
        return DoubleStream.concat(inner.map(value -> Math.clamp(value, axis.least(), axis.most())),
                DoubleStream.of(axis.least(), axis.most()));
    }

    /** Goals at what the plan reaches with some value of the unknown, so that most have an answer, and some far from it. */
    private Question question(PlanRequest request, Unknown unknown) {
        Axis axis = unknown.axis(request);
        double from = Math.max(axis.least(), unknown.isWhole() ? 1 : 1e-4);
        double hidden = axis.isLinear() ? random.nextDouble() : from * Math.pow(axis.most() / from, random.nextDouble(0.1, 0.7));
        Outcome outcome = unknown.outcome(request, unknown.isWhole() ? Math.rint(hidden) : hidden);
        List<Goal> goals = new ArrayList<>();
        for (int i = 0; i < random.nextInt(1, 4); i++) {
            Metric metric = Metric.values()[random.nextInt(Metric.values().length)];
            double reached = metric.of(outcome);
            double room = random.nextInt(4) == 0 ? Math.pow(10, random.nextDouble(-3, 3)) : metric.isFloor() ? 0.97 : 1.03;
            goals.add(metric == Metric.SPARE ? Goal.fits() : new Goal(metric, reached > 0 && reached < 1e30 ? reached * room : 10));
        }
        List<Goal> constraints = goals.stream().distinct().skip(1).toList();
        return new Question(unknown, goals.getFirst(), constraints);
    }

    private PlanRequest request() {
        Device device = Device.imaginary().with(Spec.MEMORY_BANDWIDTH, logUniform(1e10, 1e12)).with(Spec.INT8_PEAK, logUniform(1e11, 1e14))
                .with(Spec.MEMORY_CAPACITY, logUniform(2e9, 1e11)).with(Spec.IDLE_POWER, random.nextDouble(3));
        device = random.nextBoolean() ? device.with(Spec.FLASH_READ, 4e9) : device;
        device = random.nextBoolean() ? device.with(Spec.STEP_OVERHEAD, 1e-4).with(Spec.SHARED_TRAFFIC, 5e9) : device;
        device = random.nextInt(3) == 0 ? device.with(Spec.FP16_PEAK, logUniform(1e11, 1e14)) : device;
        Workload workload = new Workload(random.nextInt(1, 1024), random.nextInt(0, 16384), random.nextInt(1, 6), 512);
        Drafting drafting = new Drafting(ModelShape.ofParameters("draft", (long) logUniform(1e7, 1e9)), Precision.named("4"),
                random.nextInt(1, 8), random.nextDouble());
        CloudLink cloud = new CloudLink(Device.imaginary().with(Spec.MEMORY_BANDWIDTH, 3e12).with(Spec.INT8_PEAK, 1e15), Efficiency.IDEAL,
                Precision.named("FP16"), 0.05);
        return PlanRequest.of(shape(), Precision.named(List.of("4", "8", "16", "Q4_0").get(random.nextInt(4))), device).with(workload)
                .with(drafting).with(cloud);
    }

    private ModelShape shape() {
        return switch (random.nextInt(4)) {
            case 0 -> ModelShape.ofParameters("size", (long) logUniform(1e8, 1e11));
            case 1 -> ModelShape.ofParameters("sizes", (long) logUniform(1e10, 1e11), (long) logUniform(1e9, 1e10));
            case 2 -> TransformerSizes.dense("dense", 28, 3072, 24, 8, 128, 8192, 3, 128256, 0, true).shape();
            default -> TransformerSizes.plain("mixture", 32, 4096,
                    new AttentionSizes.Grouped(32, 8, 128, 4096, 32), FeedForwardSizes.mixture(14336, 8, 2), 32000, 0, false).shape();
        };
    }

    private double logUniform(double from, double to) {
        return from * Math.pow(to / from, random.nextDouble());
    }
}
