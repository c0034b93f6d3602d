package dev.ondine.roofline.cost;

import dev.ondine.roofline.formula.ExpertUnion;
import dev.ondine.roofline.shape.AttentionGroup;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.Role;
import dev.ondine.roofline.shape.StoredFormat;
import dev.ondine.roofline.shape.WeightGroup;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes and operations that a step asks for.
 *
 * @param products     matrix products
 * @param kvFormat     of the cache
 * @param kvReadBytes  keys and values that are read, each sequence's once
 * @param kvWriteBytes keys and values of the new tokens
 * @param stateBytes   recurrent state, read and written
 * @param attentionMultiplyAccumulates of queries with keys and of weights with values
 * @param attentionRows rows of each sequence, which share the reading of its cache
 * @param operations   calls of a kernel, each with its rendezvous
 */
public record Demand(List<Product> products, StoredFormat kvFormat, double kvReadBytes, double kvWriteBytes, double stateBytes,
        double attentionMultiplyAccumulates, double attentionRows, double operations) {

    /** Of a layer of a transformer: two norms, two rotations, cache, attention, gate, two additions, besides its products. */
    private static final double PLAIN_OPERATIONS = 9;

    /**
     * Products of equal format with equally many rows.
     *
     * @param weights numbers that are read
     * @param rows    tokens that each is multiplied with
     * @param calls   of the kernel
     */
    public record Product(StoredFormat format, double weights, double rows, double calls) {

        public double bytes() {
            return format.bytes(weights);
        }

        public double multiplyAccumulates() {
            return weights * rows;
        }
    }

    /** What a step of a model asks for. */
    public static Demand of(ModelShape shape, Precision precision, StoredFormat kvFormat, Step step) {
        List<Product> products = new ArrayList<>();
        for (WeightGroup group : shape.weights()) {
            addProducts(products, shape, precision, group, step);
        }
        double reach = step.meanReach();
        double kvRead = shape.attention().stream().mapToDouble(layers ->
                layers.layers() * layers.kvElements() * layers.reach(step.depth() + (double) step.rows() / step.sequences())).sum();
        // Each query head multiplies its channels with every key and every value that it reaches.
        double attention = shape.attention().stream().mapToDouble(layers ->
                2.0 * layers.layers() * layers.heads() * layers.headDim() * layers.reach(reach)).sum();
        double calls = products.stream().mapToDouble(Product::calls).sum();
        return new Demand(List.copyOf(products), kvFormat, step.sequences() * kvFormat.bytes(kvRead),
                step.rows() * kvFormat.bytes(shape.kvElementsPerToken()), 2.0 * step.sequences() * StoredFormat.F16.bytes(shape.stateElements()),
                step.rows() * attention, (double) step.rows() / step.sequences(), calls + PLAIN_OPERATIONS * shape.layers());
    }

    private static void addProducts(List<Product> products, ModelShape shape, Precision precision, WeightGroup group, Step step) {
        for (Precision.Portion portion : precision.portions(group, shape.layers())) {
            double elements = (double) group.elements() * portion.copies();
            switch (group.role()) {
                case EMBEDDING -> products.add(lookup(portion.format(), group, step));
                case TIED -> {
                    products.add(lookup(portion.format(), group, step));
                    addOutput(products, portion.format(), elements, step);
                }
                case OUTPUT -> addOutput(products, portion.format(), elements, step);
                case LAYER -> products.add(new Product(portion.format(), elements, step.rows(), portion.copies()));
                case VECTOR -> products.add(new Product(portion.format(), elements, 0, 0));
                case EXPERT -> products.add(experts(portion, elements, group.experts(), shape.activeExperts(), step));
            }
        }
    }

    /** A batch reads the union of its tokens' experts; each of them multiplies only the tokens that chose it. */
    private static Product experts(Precision.Portion portion, double elements, int experts, int active, Step step) {
        double union = ExpertUnion.expected(experts, active, step.rows());
        return new Product(portion.format(), elements * union, step.rows() * (double) active / union, portion.copies() * union);
    }

    private static Product lookup(StoredFormat format, WeightGroup table, Step step) {
        // Of a model of which only sizes are known, this is what no token reads.
        double rows = table.outputs() == 1 ? 0 : step.rows();
        return new Product(format, rows * table.inputs(), 0, 0);
    }

    private static void addOutput(List<Product> products, StoredFormat format, double elements, Step step) {
        if (step.logitsRows() > 0) {
            products.add(new Product(format, elements, step.logitsRows(), 1));
        }
    }

    public double weightBytes() {
        return products.stream().mapToDouble(Product::bytes).sum();
    }

    /** All bytes that cross the memory bus, activations aside: they stay in caches. */
    public double bytes() {
        return weightBytes() + kvReadBytes + kvWriteBytes + stateBytes;
    }

    /** Of products alone. */
    public double productMultiplyAccumulates() {
        return products.stream().mapToDouble(Product::multiplyAccumulates).sum();
    }

    public double multiplyAccumulates() {
        return productMultiplyAccumulates() + attentionMultiplyAccumulates;
    }
}
