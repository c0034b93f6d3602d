package dev.ondine.roofline.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.roofline.device.Curve;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.KernelTimes;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.shape.AttentionSizes;
import dev.ondine.roofline.shape.FeedForwardSizes;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.StoredFormat;
import dev.ondine.roofline.shape.TransformerSizes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class StepCostsTest {

    private static final double TOLERANCE = 1e-3;
    private static final int MOST_ROWS = 272;
    private static final StoredFormat KV = StoredFormat.F16;

    private static final Device DEVICE = Device.imaginary().with(Spec.MEMORY_BANDWIDTH, 76.8e9).with(Spec.INT8_PEAK, 20e12)
            .with(Spec.FP16_PEAK, 8e12).with(Spec.STEP_OVERHEAD, 3e-4).with(Spec.MEMORY_ENERGY, 6e-12).with(Spec.MAC_ENERGY, 4e-13);

    record Case(ModelShape shape, String format) {

        @Override
        public String toString() {
            return shape.name() + " " + format;
        }
    }

    static List<Case> cases() {
        ModelShape dense = TransformerSizes.dense("dense", 28, 3072, 24, 8, 128, 8192, 3, 128_256, 8192, true).shape();
        ModelShape windowed = TransformerSizes.plain("windowed", 26, 1152, new AttentionSizes.Grouped(4, 1, 256, 512, 22),
                FeedForwardSizes.dense(6912, 3), 262_144, 32_768, false).shape();
        ModelShape mixture = TransformerSizes.plain("mixture", 24, 2048, new AttentionSizes.Grouped(32, 4, 128, 0, 0),
                FeedForwardSizes.mixture(768, 64, 8), 151_936, 32_768, false).shape();
        return List.of(new Case(dense, "Q4_0"), new Case(dense, "Q4_K_M"), new Case(windowed, "Q8_0"), new Case(mixture, "INT4"),
                new Case(ModelShape.ofParameters("sized", 7_000_000_000L), "FP16"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalTheRooflineWithinATenthOfAPercent(Case one) {
        CostModel model = new RooflineModel(DEVICE, new Efficiency(0.7, 0.4));
        Precision precision = Precision.named(one.format());
        StepCosts costs = new StepCosts(one.shape(), precision, KV, DEVICE, model, MOST_ROWS);
        for (int rows : new int[] {1, 2, 3, 7, 16, 33, 64, 100, 255}) {
            for (int depth : new int[] {0, 1, 100, 511, 513, 4000}) {
                requireNear(costs.seconds(rows, (double) rows * depth, 0, 0), time(model, one, precision, Step.decode(rows, depth)));
                requireNear(costs.seconds(0, 0, rows, depth), time(model, one, precision, Step.prefill(rows, depth, true)));
                requireNear(costs.seconds(0, 0, rows, depth, 0), time(model, one, precision, Step.prefill(rows, depth, false)));
                requireNear(costs.joules(rows, (double) rows * depth, 0, 0, rows), joules(one, precision, Step.decode(rows, depth)));
                requireNear(costs.joules(0, 0, rows, depth, 1), joules(one, precision, Step.prefill(rows, depth, true)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void mixedStepsShareTheProducts(Case one) {
        CostModel model = new RooflineModel(DEVICE, new Efficiency(0.7, 0.4));
        Precision precision = Precision.named(one.format());
        StepCosts costs = new StepCosts(one.shape(), precision, KV, DEVICE, model, MOST_ROWS);
        for (int decode : new int[] {1, 4, 16}) {
            for (int prefill : new int[] {1, 50, 256}) {
                Demand all = demand(one, precision, new Step(decode + prefill, decode + 1, 1, 0));
                double expected = time(model, new Demand(all.products(), KV, 0, 0, 0, 0, 1, 0))
                        + attention(model, demand(one, precision, Step.decode(decode, 900)))
                        + attention(model, demand(one, precision, Step.prefill(prefill, 300, true)));
                requireNear(costs.seconds(decode, 900.0 * decode, prefill, 300), expected);
            }
        }
    }

    @Test
    void followMeasuredKernelsToo() {
        Curve products = new Curve(new double[] {1, 4, 16, 64, 256}, new double[] {6e-11, 7e-11, 1.3e-10, 4e-10, 1.6e-9});
        Curve reading = new Curve(new double[] {1e6, 1e8, 1e9}, new double[] {1.7e-11, 3.3e-11, 5e-11});
        CostModel model = new MeasuredModel(new KernelTimes(2, Map.of(), reading, Map.of("Q4_0", products, "Q8_0", products, "F32", products,
                "Q6_K", products), 1e9, Map.of("F16", new KernelTimes.AttentionTimes(8e-11, 3e-12, 1e9)), 0, 4e-6, 1e-5));
        Case one = cases().getFirst();
        Precision precision = Precision.named(one.format());
        StepCosts costs = new StepCosts(one.shape(), precision, KV, DEVICE, model, MOST_ROWS);
        for (int count : new int[] {1, 5, 16, 200}) {
            requireNear(costs.seconds(count, 1000.0 * count, 0, 0), time(model, one, precision, Step.decode(count, 1000)));
            requireNear(costs.seconds(0, 0, count, 500), time(model, one, precision, Step.prefill(count, 500, true)));
        }
    }

    @Test
    void askForAPeakThatIsNeeded() {
        Device blind = Device.imaginary().with(Spec.MEMORY_BANDWIDTH, 1e11);
        assertThatThrownBy(() -> new StepCosts(cases().getFirst().shape(), Precision.named("Q4_0"), KV, blind,
                new RooflineModel(blind, Efficiency.IDEAL), MOST_ROWS)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("imaginary: nothing tells how long a step of 272 rows takes; give its int8 peak or fp16 peak");
    }

    private static void requireNear(double found, double expected) {
        assertThat(found).isEqualTo(expected, within(TOLERANCE * expected));
    }

    private static Demand demand(Case one, Precision precision, Step step) {
        return Demand.of(one.shape(), precision, KV, step);
    }

    private static double time(CostModel model, Demand demand) {
        return model.time(demand).seconds();
    }

    private static double time(CostModel model, Case one, Precision precision, Step step) {
        return time(model, demand(one, precision, step));
    }

    /** Without the overhead of a step, which is the difference to one that asks for nothing. */
    private static double attention(CostModel model, Demand demand) {
        return time(model, new Demand(List.of(), KV, demand.kvReadBytes(), demand.kvWriteBytes(), demand.stateBytes(),
                demand.attentionMultiplyAccumulates(), demand.attentionRows(), 0))
                - time(model, new Demand(List.of(), KV, 0, 0, 0, 0, 1, 0));
    }

    private static double joules(Case one, Precision precision, Step step) {
        Demand demand = demand(one, precision, step);
        return demand.bytes() * 8 * 6e-12 + demand.multiplyAccumulates() * 4e-13;
    }
}
