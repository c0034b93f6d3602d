package dev.ondine.explorer.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.ondine.explorer.validate.Grid;
import dev.ondine.explorer.validate.Residual;
import dev.ondine.explorer.validate.Validation;
import dev.ondine.explorer.validate.ValidationReport;
import dev.ondine.roofline.cost.Demand;
import dev.ondine.roofline.cost.MeasuredModel;
import dev.ondine.roofline.cost.Step;
import dev.ondine.roofline.device.Curve;
import dev.ondine.roofline.device.KernelTimes;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.StoredFormat;
import dev.ondine.synth.SynthModel;
import dev.ondine.tensor.NumberFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Calibration on a machine whose law is known: it has to find the law, and predictions have to follow it. */
class CalibrationTest {

    private static final double READ = 30e9;
    private static final double PRODUCTS = 500e9;
    private static final double ATTENTION_PRODUCTS = 100e9;
    private static final double OPERATION = 0.4e-6;
    private static final double STEP = 5e-6;
    private static final Map<Integer, Curve> MEMORY = Map.of(2, new Curve(new double[] {1}, new double[] {READ}));

    /** Reads at one speed, multiplies at another, and takes the longer of both for each product. */
    private static final Workbench MACHINE = new Workbench() {

        @Override
        public TimedModel open(SynthModel model, NumberFormat kvFormat, int contextLength, int sequences) {
            ModelShape shape = SynthShapes.of(model.shape());
            Precision precision = new Precision.Quantised(model.formats());
            return new TimedModel() {

                @Override
                public double seconds(Step step, double budgetSeconds) {
                    return law(Demand.of(shape, precision, StoredFormat.of(kvFormat), step));
                }

                @Override
                public double promptSeconds(int tokens, double budgetSeconds) {
                    double seconds = 0;
                    for (int done = 0; done < tokens; done += 512) {
                        seconds += seconds(Step.prefill(Math.min(512, tokens - done), done, done + 512 >= tokens), budgetSeconds);
                    }
                    return seconds;
                }

                @Override
                public void close() {
                }
            };
        }

        @Override
        public int threads() {
            return 2;
        }
    };

    private static double law(Demand demand) {
        double products = demand.products().stream().filter(product -> product.rows() > 0)
                .mapToDouble(product -> Math.max(product.bytes() / READ, product.multiplyAccumulates() / PRODUCTS)).sum();
        return products + Math.max(demand.kvReadBytes() / READ, demand.attentionMultiplyAccumulates() / ATTENTION_PRODUCTS)
                + demand.operations() * OPERATION + STEP;
    }

    private static KernelTimes calibrated() {
        return new Calibration(MACHINE, MEMORY, 2e-7, next -> { }).measure();
    }

    @Test
    void findsWhatOperationsAndStepsCost() {
        // Even tiny layers have some weights, whose time counts as the operations'.
        assertThat(calibrated().operationSeconds()).isCloseTo(OPERATION, withinPercentage(20));
        assertThat(calibrated().stepSeconds()).isBetween(STEP, 3 * STEP);
    }

    @Test
    void findsWhatWeightsAndTheCacheCost() {
        KernelTimes times = calibrated();

        assertThat(times.products().get("Q8_0").at(1)).isCloseTo(34.0 / 32 / READ, withinPercentage(3));
        assertThat(times.products().get("Q8_0").at(512)).isCloseTo(512 / PRODUCTS, withinPercentage(3));
        assertThat(times.attention().get("F16").secondsPerByte()).isCloseTo(1 / READ, withinPercentage(3));
        assertThat(times.attention().get("F16").secondsPerMultiplyAccumulate()).isCloseTo(1 / ATTENTION_PRODUCTS, withinPercentage(10));
    }

    @Test
    void predictionsFollowTheLaw() {
        List<Residual> residuals = new Validation(MACHINE, new MeasuredModel(calibrated()), residual -> { }).run(Grid.full());

        assertThat(residuals).hasSizeGreaterThan(100);
        assertThat(new ValidationReport(residuals).summaries()).allSatisfy(summary -> assertThat(summary.median()).isLessThan(0.05));
    }
}
