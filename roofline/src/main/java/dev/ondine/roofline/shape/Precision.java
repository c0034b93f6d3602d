package dev.ondine.roofline.shape;

import dev.ondine.roofline.formula.Sparsity;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.WeightFormats;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which format each matrix of a model is stored in. */
public sealed interface Precision {

    /** As on the command line: {@code Q4_K_M}, {@code INT4}, {@code 4 bits}, {@code as stored}. */
    String name();

    /** The formats of a group's copies. @param layers of the model */
    List<Portion> portions(WeightGroup group, int layers);

    /** Some of a group's copies in one format. */
    record Portion(StoredFormat format, int copies) {
    }

    /** Every weight in one format. */
    record Uniform(StoredFormat format) implements Precision {

        @Override
        public String name() {
            return format.name();
        }

        @Override
        public List<Portion> portions(WeightGroup group, int layers) {
            return List.of(new Portion(format, group.copies()));
        }
    }

    /** What llama-quantize makes: blocks where a row is whole blocks, more bits where a mixture says so, vectors in F32. */
    record Quantised(WeightFormats formats) implements Precision {

        /** Experts' matrices are named after those of a dense layer. */
        private static final Pattern EXPERTS = Pattern.compile("_(exps|shexp)$");

        @Override
        public String name() {
            return formats.name();
        }

        @Override
        public List<Portion> portions(WeightGroup group, int layers) {
            if (group.role() == Role.VECTOR) {
                return List.of(new Portion(StoredFormat.of(NumberFormat.F32), group.copies()));
            }
            if (group.outputs() == 1) {
                // Of a model of which only the number of parameters is known.
                return List.of(new Portion(StoredFormat.of(formats.usual()), group.copies()));
            }
            Map<NumberFormat, Integer> copies = new TreeMap<>();
            String matrix = EXPERTS.matcher(group.kind()).replaceFirst("");
            boolean inLayer = group.role() == Role.LAYER || group.role() == Role.EXPERT;
            for (int copy = 0; copy < group.copies(); copy++) {
                copies.merge(inLayer
                        ? formats.inLayer(matrix, copy, Math.max(layers, 1), Math.toIntExact(group.inputs()))
                        : formats.outside(group.role() != Role.EMBEDDING, Math.toIntExact(group.inputs())), 1, Integer::sum);
            }
            return copies.entrySet().stream().map(entry -> new Portion(StoredFormat.of(entry.getKey()), entry.getValue())).toList();
        }
    }

    /** What the file holds that the shape was read from. */
    record AsStored() implements Precision {

        @Override
        public String name() {
            return "as stored";
        }

        @Override
        public List<Portion> portions(WeightGroup group, int layers) {
            NumberFormat format = group.stored().orElseThrow(() -> new IllegalArgumentException(
                    "the shape does not come from a model file, so its format has to be named"));
            return List.of(new Portion(StoredFormat.of(format), group.copies()));
        }
    }

    /**
     * Of each few neighbouring weights some are kept, each with an index that tells which.
     *
     * @param kept  of each group
     * @param group neighbouring weights
     * @see <a href="https://arxiv.org/abs/2104.08378">Accelerating Sparse Deep Neural Networks</a>, whose groups are 2 of 4
     */
    record Pruned(Precision dense, int kept, int group) implements Precision {

        public Pruned {
            if (kept < 1 || group < kept || group > 256) {
                throw new IllegalArgumentException("%d of %d weights cannot be kept, expected at most all of up to 256".formatted(kept, group));
            }
        }

        @Override
        public String name() {
            return "%s %d:%d".formatted(dense.name(), kept, group);
        }

        @Override
        public List<Portion> portions(WeightGroup weights, int layers) {
            boolean prunable = weights.role() == Role.LAYER || weights.role() == Role.EXPERT;
            return dense.portions(weights, layers).stream().map(portion -> prunable ? pruned(portion) : portion).toList();
        }

        private Portion pruned(Portion portion) {
            StoredFormat format = portion.format();
            return new Portion(new StoredFormat("%s %d:%d".formatted(format.name(), kept, group),
                    Sparsity.structuredBits(kept, group, format.bitsPerWeight()), format.computeBits()), portion.copies());
        }
    }

    /**
     * A {@link WeightFormats} mixture, any {@link StoredFormat}, or a number of bits such as {@code 3.7}.
     *
     * @throws IllegalArgumentException naming what is known
     */
    static Precision named(String name) {
        if (name.matches("[0-9.]+")) {
            return new Uniform(StoredFormat.ofBits(Double.parseDouble(name)));
        }
        String wanted = name.toUpperCase(Locale.ROOT);
        if (WeightFormats.names().contains(wanted)) {
            return new Quantised(WeightFormats.named(wanted));
        }
        if (StoredFormat.names().contains(wanted)) {
            return new Uniform(StoredFormat.named(wanted));
        }
        throw new IllegalArgumentException("there is no format \"%s\", expected bits a weight or one of %s".formatted(name,
                String.join(", ", Stream.concat(WeightFormats.names().stream(), StoredFormat.names().stream()).distinct().toList())));
    }

    /** Bytes of all weights, idle experts included. */
    default double bytes(ModelShape shape) {
        return shape.weights().stream().mapToDouble(group -> bytes(group, shape.layers())).sum();
    }

    /** Bytes of all copies and experts of a group. */
    default double bytes(WeightGroup group, int layers) {
        return portions(group, layers).stream()
                .mapToDouble(portion -> portion.format().bytes((double) group.elements() * group.experts() * portion.copies())).sum();
    }
}
