package dev.ondine.roofline.cost;

import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.formula.Energy;
import dev.ondine.roofline.shape.AttentionGroup;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.Role;
import dev.ondine.roofline.shape.StoredFormat;
import dev.ondine.roofline.shape.WeightGroup;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What steps of a model cost on a device, fast enough to ask a million times a second: seconds and joules.
 *
 * <p>A step's products cost what the cost model says for so many rows (a table); attention follows a straight line through bytes and
 * operations (the model is asked once for each slope). Attention of decode rows and of prompts counts one after the other. Sequences
 * with windowed attention are taken to be equally deep.
 */
public final class StepCosts {

    /** Of the bytes of a step: little enough that caches hold as much of it as before. */
    private static final double PROBE = 0.01;
    private static final double PROBE_MACS = 1e9;

    private final ModelShape shape;
    private final Precision precision;
    private final StoredFormat kvFormat;
    private final CostModel model;
    private final int mostRows;
    /** Products of the largest step, without those that give logits. */
    private final Demand largest;
    private final double largestSeconds;
    // By rows; not a number until somebody asks: a process that runs one prompt needs few of them.
    private final double[] layerSeconds;
    private final double[] outputSeconds;
    private final double[] layerJoules;
    private final double[] outputJoules;
    private final double kvReadByteSeconds;
    private final double kvWriteByteSeconds;
    private final double macSeconds;
    private final double kvByteJoules;
    private final double macJoules;
    private final double[] groupBytes;
    private final double[] groupMacs;
    private final double[] groupWindows;
    private final double kvWriteBytes;
    private final double stateBytes;

    /**
     * @param mostRows that a step may have
     * @throws IllegalArgumentException if the device's figures do not tell how long such a step takes
     */
    public StepCosts(ModelShape shape, Precision precision, StoredFormat kvFormat, Device device, CostModel model, int mostRows) {
        this.shape = shape;
        this.precision = precision;
        this.kvFormat = kvFormat;
        this.model = model;
        this.mostRows = mostRows;
        kvByteJoules = 8 * device.number(Spec.MEMORY_ENERGY, Energy.LPDDR5_JOULES_PER_BIT);
        macJoules = device.number(Spec.MAC_ENERGY, Energy.INT8_MULTIPLY_ACCUMULATE_JOULES);
        layerSeconds = unknown(mostRows);
        layerJoules = unknown(mostRows);
        outputSeconds = unknown(mostRows);
        outputJoules = unknown(mostRows);
        largest = products(shape, precision, kvFormat, mostRows, 0);
        largestSeconds = model.time(largest).seconds();
        double probe = PROBE * largest.bytes();
        kvReadByteSeconds = (model.time(attending(largest, probe, 0, 0)).seconds() - largestSeconds) / probe;
        kvWriteByteSeconds = (model.time(attending(largest, 0, probe, 0)).seconds() - largestSeconds) / probe;
        macSeconds = (model.time(attending(largest, 1, 0, PROBE_MACS)).seconds() - largestSeconds) / PROBE_MACS;
        if (Double.isNaN(largestSeconds) || Double.isNaN(macSeconds)) {
            throw new IllegalArgumentException("%s: nothing tells how long a step of %d rows takes; give its %s or %s"
                    .formatted(device.id(), mostRows, Spec.INT8_PEAK.key(), Spec.FP16_PEAK.key()));
        }
        List<AttentionGroup> attention = shape.attention();
        groupBytes = attention.stream().mapToDouble(group -> kvFormat.bytes((double) group.layers() * group.kvElements())).toArray();
        groupMacs = attention.stream().mapToDouble(group -> 2.0 * group.layers() * group.heads() * group.headDim()).toArray();
        groupWindows = attention.stream().mapToDouble(group -> group.reach(Double.POSITIVE_INFINITY)).toArray();
        kvWriteBytes = kvFormat.bytes(shape.kvElementsPerToken());
        stateBytes = 2 * StoredFormat.F16.bytes(shape.stateElements());
    }

    private static double[] unknown(int mostRows) {
        double[] byRows = new double[mostRows + 1];
        Arrays.fill(byRows, 1, mostRows + 1, Double.NaN);
        return byRows;
    }

    private double layerSeconds(int rows) {
        if (Double.isNaN(layerSeconds[rows])) {
            layerSeconds[rows] = model.time(products(shape, precision, kvFormat, rows, 0)).seconds();
        }
        return layerSeconds[rows];
    }

    private double layerJoules(int rows) {
        if (Double.isNaN(layerJoules[rows])) {
            layerJoules[rows] = joules(products(shape, precision, kvFormat, rows, 0));
        }
        return layerJoules[rows];
    }

    private double outputSeconds(int rows) {
        if (Double.isNaN(outputSeconds[rows])) {
            outputSeconds[rows] = model.time(withOutput(largest, shape, precision, kvFormat, rows)).seconds() - largestSeconds;
        }
        return outputSeconds[rows];
    }

    private double outputJoules(int rows) {
        if (Double.isNaN(outputJoules[rows])) {
            outputJoules[rows] = joules(withOutput(largest, shape, precision, kvFormat, rows)) - joules(largest);
        }
        return outputJoules[rows];
    }

    private static Demand products(ModelShape shape, Precision precision, StoredFormat kvFormat, int rows, int logitsRows) {
        Demand whole = Demand.of(shape, precision, kvFormat, new Step(rows, logitsRows, 1, 0));
        return new Demand(whole.products(), kvFormat, 0, 0, 0, 0, 1, whole.operations());
    }

    /** Products whose rows are those with logits come on top of the layers'. */
    private static Demand withOutput(Demand layers, ModelShape shape, Precision precision, StoredFormat kvFormat, int logitsRows) {
        List<WeightGroup> matrices = shape.weights().stream()
                .filter(group -> group.role() == Role.OUTPUT || group.role() == Role.TIED).toList();
        if (matrices.isEmpty()) {
            return layers;
        }
        ModelShape head = new ModelShape(shape.name(), 0, shape.modelDim(), shape.vocabSize(), 0, matrices, List.of(), 0, 0);
        List<Demand.Product> output = products(head, precision, kvFormat, logitsRows, logitsRows).products().stream()
                .filter(product -> product.rows() > 0).toList();
        return new Demand(Stream.concat(layers.products().stream(), output.stream()).toList(), kvFormat, 0, 0, 0, 0, 1,
                layers.operations() + output.stream().mapToDouble(Demand.Product::calls).sum());
    }

    private static Demand attending(Demand products, double readBytes, double writeBytes, double macs) {
        return new Demand(products.products(), products.kvFormat(), readBytes, writeBytes, 0, macs, 1, products.operations());
    }

    private double joules(Demand demand) {
        return demand.bytes() * kvByteJoules + demand.multiplyAccumulates() * macJoules;
    }

    /** Rows that a step may have. */
    public int mostRows() {
        return mostRows;
    }

    /**
     * Of a step that decodes and reads a piece of a prompt, whose last row gives logits.
     *
     * @param decodeRows    sequences that get one more token
     * @param depthSum      tokens in their caches before the step, all together
     * @param prefillTokens of a prompt
     * @param prefillDepth  tokens of it that are in the cache already
     */
    public double seconds(int decodeRows, double depthSum, int prefillTokens, double prefillDepth) {
        return seconds(decodeRows, depthSum, prefillTokens, prefillDepth, decodeRows + (prefillTokens > 0 ? 1 : 0));
    }

    /** The same with as many rows of logits. */
    public double seconds(int decodeRows, double depthSum, int prefillTokens, double prefillDepth, int logitsRows) {
        double seconds = layerSeconds(decodeRows + prefillTokens) + outputSeconds(logitsRows);
        if (decodeRows > 0) {
            double depth = depthSum / decodeRows;
            seconds += Math.max(kvSeconds(decodeRows, decodeRows, depth + 1), macSeconds * macs(decodeRows, depth + 1));
        }
        if (prefillTokens > 0) {
            seconds += Math.max(kvSeconds(1, prefillTokens, prefillDepth + prefillTokens),
                    macSeconds * macs(prefillTokens, prefillDepth + (prefillTokens + 1) * 0.5));
        }
        return seconds;
    }

    /** Without what the device draws when idle. Parameters as for {@link #seconds}. */
    public double joules(int decodeRows, double depthSum, int prefillTokens, double prefillDepth, int logitsRows) {
        double joules = layerJoules(decodeRows + prefillTokens) + outputJoules(logitsRows);
        if (decodeRows > 0) {
            double depth = depthSum / decodeRows;
            joules += kvByteJoules * kvBytes(decodeRows, decodeRows, depth + 1) + macJoules * macs(decodeRows, depth + 1);
        }
        if (prefillTokens > 0) {
            joules += kvByteJoules * kvBytes(1, prefillTokens, prefillDepth + prefillTokens)
                    + macJoules * macs(prefillTokens, prefillDepth + (prefillTokens + 1) * 0.5);
        }
        return joules;
    }

    private double kvSeconds(int sequences, int rows, double reach) {
        return kvReadByteSeconds * sequences * readBytes(reach) + kvWriteByteSeconds * (sequences * stateBytes + rows * kvWriteBytes);
    }

    private double kvBytes(int sequences, int rows, double reach) {
        return sequences * (readBytes(reach) + stateBytes) + rows * kvWriteBytes;
    }

    private double readBytes(double reach) {
        double bytes = 0;
        for (int group = 0; group < groupBytes.length; group++) {
            bytes += groupBytes[group] * Math.min(reach, groupWindows[group]);
        }
        return bytes;
    }

    private double macs(int rows, double reach) {
        double macs = 0;
        for (int group = 0; group < groupMacs.length; group++) {
            macs += groupMacs[group] * Math.min(reach, groupWindows[group]);
        }
        return rows * macs;
    }

    /** What a token leaves in the cache, windows aside. */
    public double cacheBytesPerToken() {
        return kvWriteBytes;
    }
}
