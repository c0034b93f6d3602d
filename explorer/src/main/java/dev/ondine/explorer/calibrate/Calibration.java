package dev.ondine.explorer.calibrate;

import dev.ondine.roofline.cost.Demand;
import dev.ondine.roofline.cost.Step;
import dev.ondine.roofline.device.Curve;
import dev.ondine.roofline.device.KernelTimes;
import dev.ondine.roofline.device.KernelTimes.AttentionTimes;
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
import java.util.function.ToDoubleFunction;
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
    private static final int[] ROWS = {1, 2, 3, 4, 6, 8, 16, 20, 32, 64, 128, 512};
    /** Rows of one prompt from here on; fewer are a row of each of several sequences. */
    private static final int PROMPT_FROM = 20;
    private static final double LEAST_SECONDS = 1e-16;
    /** More than most caches hold, so that weights come from memory. */
    private static final double SET_BYTES = 288e6;
    /** Of models of 16 MB a layer: 20 to 300 MB. */
    private static final int[] READ_LAYERS = {1, 3, 8, 18};
    private static final double WARM_UP_SECONDS = 0.5;
    private static final double REPEAT_SECONDS = 0.08;

    private static final List<NumberFormat> CACHES = List.of(NumberFormat.F16, NumberFormat.Q8_0);
    private static final int CACHE_DEPTH = 512;
    private static final int CACHE_SEQUENCES = 16;
    private static final int PROMPT_DEPTH = 1024;
    private static final int HEAD_DIM = 64;
    private static final int PROMPT_ROWS = 256;

    private final Workbench workbench;
    private final Map<Integer, Curve> memory;
    private final double rendezvousSeconds;
    private final Consumer<String> progress;

    /**
     * @param memory            bytes per second of plain reads, by working set; by the number of threads
     * @param rendezvousSeconds of all threads
     * @param progress          told what is measured next
     */
    public Calibration(Workbench workbench, Map<Integer, Curve> memory, double rendezvousSeconds, Consumer<String> progress) {
        this.workbench = workbench;
        this.memory = memory;
        this.rendezvousSeconds = rendezvousSeconds;
        this.progress = progress;
    }

    /** Takes about a minute on two cores. */
    public KernelTimes measure() {
        progress.accept("operations");
        Fixed fixed = fixed();
        Map<String, AttentionTimes> attention = new TreeMap<>();
        for (NumberFormat format : CACHES) {
            progress.accept("attention to " + format);
            attention.put(format.name(), attention(format));
        }
        progress.accept("small models");
        Curve reading = reading(fixed);
        Map<String, Curve> products = new TreeMap<>();
        for (NumberFormat format : formats()) {
            progress.accept("products with " + format);
            products.put(format.name(), products(format, fixed, attention.get(NumberFormat.F16.name())));
        }
        return new KernelTimes(workbench.threads(), memory, reading, products, SET_BYTES, attention, rendezvousSeconds,
                fixed.operationSeconds(), fixed.stepSeconds());
    }

    private static List<NumberFormat> formats() {
        return Stream.of(NumberFormat.values()).filter(NumberFormat::isEncodable)
                .filter(format -> WeightFormats.names().contains(format.name())).toList();
    }

    private static SynthShape shape(int layers, int modelDim, int ffnDim, int heads, int kvHeads) {
        return new SynthShape("calibration", "llama", layers, modelDim, ffnDim, heads, kvHeads, HEAD_DIM, 3072, 8192, 0,
                10_000, 1e-5f, true);
    }

    /** What a step costs besides its work. */
    private record Fixed(double operationSeconds, double stepSeconds) {

        double seconds(Demand demand) {
            return stepSeconds + demand.operations() * operationSeconds;
        }
    }

    /** From two models that have nothing to compute. */
    private Fixed fixed() {
        SynthShape few = shape(2, 64, 64, 1, 1);
        SynthShape many = shape(34, 64, 64, 1, 1);
        double fewSeconds = tinySeconds(few);
        double perOperation = Math.max(LEAST_SECONDS, (tinySeconds(many) - fewSeconds) / (operations(many) - operations(few)));
        return new Fixed(perOperation, Math.max(0, fewSeconds - operations(few) * perOperation));
    }

    private double tinySeconds(SynthShape shape) {
        try (TimedModel model = workbench.open(new SynthModel(shape, WeightFormats.named("Q8_0"), 1), NumberFormat.F16, 128, 1)) {
            // Until the code around the kernels is compiled, that of prompts as well.
            model.seconds(Step.prefill(64, 0, false), WARM_UP_SECONDS);
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

    /** What a byte of weights takes with one token, in models of which caches hold all, some or little. */
    private Curve reading(Fixed fixed) {
        double[] bytes = new double[READ_LAYERS.length];
        double[] seconds = new double[READ_LAYERS.length];
        for (int i = 0; i < READ_LAYERS.length; i++) {
            SynthShape shape = shape(READ_LAYERS[i], 1024, 4096, 16, 4);
            Demand demand = demand(shape, NumberFormat.Q8_0, NumberFormat.F16, Step.decode(1, 0));
            try (TimedModel model = workbench.open(new SynthModel(shape, WeightFormats.all(NumberFormat.Q8_0), 1), NumberFormat.F16, 64, 1)) {
                bytes[i] = demand.bytes();
                seconds[i] = Math.max(LEAST_SECONDS, (model.seconds(Step.decode(1, 0), REPEAT_SECONDS) - fixed.seconds(demand)) / demand.weightBytes());
            }
        }
        return new Curve(bytes, seconds);
    }

    /** What a weight takes in a product: the layers of a model in one format, without a past, after everything else is taken off. */
    private Curve products(NumberFormat format, Fixed fixed, AttentionTimes attention) {
        double layerBytes = StoredFormat.of(format).bytes(SynthShapes.of(shape(1, 2048, 8192, 32, 8)).parameters());
        SynthShape shape = shape((int) Math.ceil(SET_BYTES / layerBytes), 2048, 8192, 32, 8);
        double[] perWeight = new double[ROWS.length];
        try (TimedModel model = workbench.open(new SynthModel(shape, WeightFormats.all(format), 1), NumberFormat.F16, 1024, PROMPT_FROM)) {
            for (int i = 0; i < ROWS.length; i++) {
                Step step = ROWS[i] < PROMPT_FROM ? Step.decode(ROWS[i], 0) : Step.prefill(ROWS[i], 0, false);
                Demand demand = demand(shape, format, NumberFormat.F16, step);
                double seconds = model.seconds(step, REPEAT_SECONDS) - fixed.seconds(demand)
                        - demand.attentionMultiplyAccumulates() * attention.secondsPerMultiplyAccumulate();
                perWeight[i] = Math.max(LEAST_SECONDS, seconds / multiplied(demand));
            }
        }
        return new Curve(IntStream.of(ROWS).asDoubleStream().toArray(), perWeight);
    }

    /** Weights of all products. */
    private static double multiplied(Demand demand) {
        return demand.products().stream().filter(product -> product.rows() > 0).mapToDouble(Demand.Product::weights).sum();
    }

    /**
     * What a byte of the cache takes with one token of each sequence, and a product with many tokens of one. The model is nearly all
     * cache.
     */
    private AttentionTimes attention(NumberFormat kv) {
        SynthShape shape = shape(16, 256, 64, 32, 8);
        try (TimedModel model = workbench.open(new SynthModel(shape, WeightFormats.all(NumberFormat.Q8_0), 1), kv, 4096, CACHE_SEQUENCES)) {
            Step far = Step.decode(CACHE_SEQUENCES, CACHE_DEPTH);
            return new AttentionTimes(
                    difference(model, shape, kv, Step.decode(CACHE_SEQUENCES, 1), far, Demand::kvReadBytes),
                    difference(model, shape, kv, Step.prefill(PROMPT_ROWS, 0, true), Step.prefill(PROMPT_ROWS, PROMPT_DEPTH, true),
                            Demand::attentionMultiplyAccumulates), demand(shape, NumberFormat.Q8_0, kv, far).bytes());
        }
    }

    /** Seconds for a unit of what two steps differ in. */
    private static double difference(TimedModel model, SynthShape shape, NumberFormat kv, Step less, Step more, ToDoubleFunction<Demand> what) {
        double units = what.applyAsDouble(demand(shape, NumberFormat.Q8_0, kv, more)) - what.applyAsDouble(demand(shape, NumberFormat.Q8_0, kv, less));
        return Math.max(LEAST_SECONDS, (model.seconds(more, REPEAT_SECONDS) - model.seconds(less, REPEAT_SECONDS)) / units);
    }
}
