package dev.ondine.explorer.calibrate;

import dev.ondine.roofline.cost.Demand;
import dev.ondine.roofline.cost.Step;
import dev.ondine.roofline.device.Curve;
import dev.ondine.roofline.device.KernelTimes;
import dev.ondine.roofline.device.KernelTimes.AttentionTimes;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.StoredFormat;
import dev.ondine.synth.SynthModel;
import dev.ondine.synth.SynthShape;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.WeightFormats;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures what Ondine's kernels take on this machine, with models of a few layers whose weights are random.
 *
 * <p>A step's time is a sum: operations times their overhead, weights times what a weight takes with so many rows, cache bytes or
 * products times what one takes. Each term is measured where it outweighs the others.
 */
public final class Calibration {

    /** Rows at which products are measured; between them a {@link Curve} interpolates. */
    private static final int[] ROWS = {1, 2, 3, 4, 5, 6, 8, 12, 16, 32, 64, 512};
    /** More than most caches hold, so that weights come from memory. */
    private static final double SET_BYTES = 288e6;
    private static final int MOST_LAYERS = 12;
    private static final double REPEAT_SECONDS = 0.08;

    private static final List<NumberFormat> CACHES = List.of(NumberFormat.F16, NumberFormat.Q8_0);
    private static final int CACHE_DEPTH = 1024;
    private static final int CACHE_SEQUENCES = 16;
    private static final int PROMPT_DEPTH = 2048;
    private static final int PROMPT_ROWS = 256;

    private final Workbench workbench;
    private final Curve memory;
    private final Consumer<String> progress;

    /**
     * @param memory   bytes per second of plain reads by all threads, by working set
     * @param progress told what is measured next
     */
    public Calibration(Workbench workbench, Curve memory, Consumer<String> progress) {
        this.workbench = workbench;
        this.memory = memory;
        this.progress = progress;
    }

    /** Takes less than a minute on two cores. */
    public KernelTimes measure() {
        progress.accept("operations");
        double[] fixed = fixedSeconds();
        Map<String, Curve> products = new TreeMap<>();
        for (NumberFormat format : formats()) {
            progress.accept("products with " + format);
            products.put(format.name(), products(format, fixed));
        }
        Map<String, AttentionTimes> attention = new TreeMap<>();
        for (NumberFormat format : CACHES) {
            progress.accept("attention to " + format);
            attention.put(format.name(), attention(format));
        }
        return new KernelTimes(workbench.threads(), memory, products, SET_BYTES, attention, fixed[0], fixed[1]);
    }

    private static List<NumberFormat> formats() {
        return Stream.of(NumberFormat.values()).filter(NumberFormat::isEncodable)
                .filter(format -> WeightFormats.names().contains(format.name())).toList();
    }

    private static SynthShape shape(int layers, int modelDim, int ffnDim, int heads, int kvHeads) {
        return new SynthShape("calibration", "llama", layers, modelDim, ffnDim, heads, kvHeads, modelDim / heads, 3072, 8192, 0,
                10_000, 1e-5f, true);
    }

    /** Seconds of an operation, and of a step besides its operations: from two models that have nothing to compute. */
    private double[] fixedSeconds() {
        SynthShape few = shape(2, 64, 64, 1, 1);
        SynthShape many = shape(34, 64, 64, 1, 1);
        double fewSeconds = tinySeconds(few);
        double manySeconds = tinySeconds(many);
        double fewOperations = operations(few);
        double perOperation = Math.max(1e-9, (manySeconds - fewSeconds) / (operations(many) - fewOperations));
        return new double[] {perOperation, Math.max(0, fewSeconds - fewOperations * perOperation)};
    }

    private double tinySeconds(SynthShape shape) {
        try (TimedModel model = workbench.open(new SynthModel(shape, WeightFormats.named("Q8_0"), 1), NumberFormat.F16, 64, 1)) {
            // Until the code around the kernels is compiled.
            model.seconds(Step.decode(1, 1), 2 * REPEAT_SECONDS);
            return model.seconds(Step.decode(1, 1), REPEAT_SECONDS);
        }
    }

    private static double operations(SynthShape shape) {
        return demand(shape, NumberFormat.Q8_0, NumberFormat.F16, Step.decode(1, 1)).operations();
    }

    private static Demand demand(SynthShape shape, NumberFormat format, NumberFormat kv, Step step) {
        return Demand.of(SynthShapes.of(shape), new Precision.Quantised(WeightFormats.all(format)), StoredFormat.of(kv), step);
    }

    /** What a weight takes in a product: the layers of a model in one format, without a past, after the fixed part is taken off. */
    private Curve products(NumberFormat format, double[] fixed) {
        double layerBytes = StoredFormat.of(format).bytes(SynthShapes.of(shape(1, 2048, 8192, 32, 8)).parameters());
        int layers = (int) Math.clamp(Math.ceil(SET_BYTES / layerBytes), 1, MOST_LAYERS);
        SynthShape shape = shape(layers, 2048, 8192, 32, 8);
        ModelShape asked = SynthShapes.of(shape);
        double weights = asked.parameters();
        try (TimedModel model = workbench.open(new SynthModel(shape, WeightFormats.all(format), 1), NumberFormat.F16, 1024, 512)) {
            double[] seconds = IntStream.of(ROWS).mapToDouble(rows -> {
                // Sequences of their own: a chunk of one prompt would attend to itself.
                Step step = Step.decode(rows, 0);
                double total = model.seconds(step, REPEAT_SECONDS);
                double operations = demand(shape, format, NumberFormat.F16, step).operations();
                return Math.max(1e-15, (total - fixed[1] - operations * fixed[0]) / weights);
            }).toArray();
            return new Curve(IntStream.of(ROWS).asDoubleStream().toArray(), seconds);
        }
    }

    /** What a byte of the cache takes with one token of each sequence, and a product with many tokens of one. */
    private AttentionTimes attention(NumberFormat kv) {
        SynthShape shape = shape(4, 1024, 1024, 16, 8);
        NumberFormat weights = NumberFormat.Q8_0;
        try (TimedModel model = workbench.open(new SynthModel(shape, WeightFormats.all(weights), 1), kv, 4096, CACHE_SEQUENCES)) {
            Step near = Step.decode(CACHE_SEQUENCES, 1);
            Step far = Step.decode(CACHE_SEQUENCES, CACHE_DEPTH);
            double bytes = demand(shape, weights, kv, far).kvReadBytes() - demand(shape, weights, kv, near).kvReadBytes();
            double perByte = (model.seconds(far, REPEAT_SECONDS) - model.seconds(near, REPEAT_SECONDS)) / bytes;
            Step early = Step.prefill(PROMPT_ROWS, 0, true);
            Step late = Step.prefill(PROMPT_ROWS, PROMPT_DEPTH, true);
            double products = demand(shape, weights, kv, late).attentionMultiplyAccumulates()
                    - demand(shape, weights, kv, early).attentionMultiplyAccumulates();
            double perProduct = (model.seconds(late, REPEAT_SECONDS) - model.seconds(early, REPEAT_SECONDS)) / products;
            return new AttentionTimes(Math.max(1e-15, perByte), Math.max(1e-16, perProduct), demand(shape, weights, kv, far).bytes());
        }
    }
}
