package dev.ondine.models;

import dev.ondine.files.GgufFile;
import dev.ondine.files.Metadata;
import dev.ondine.files.ModelFileException;
import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.RotaryAngles;
import dev.ondine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Optional;

/** A model file as an architecture reads it: its keys, its tensors, and room for what a forward pass needs. Borrows the file. */
final class ModelFile {

    /** [vocab, modelDim] */
    static final String TOKEN_EMBEDDING = "token_embd.weight";

    private final GgufFile file;
    private final String architecture;
    private final WeightReader weights;
    private final Optional<NumberFormat> cacheFormat;

    /** @param cacheFormat of keys and values; empty for what suits the weights */
    ModelFile(GgufFile file, String architecture, Kernels kernels, Optional<NumberFormat> cacheFormat) {
        this.file = file;
        this.architecture = architecture;
        this.weights = new WeightReader(file, kernels);
        this.cacheFormat = cacheFormat;
    }

    String name() {
        return file.name();
    }

    Metadata metadata() {
        return file.metadata();
    }

    WeightReader weights() {
        return weights;
    }

    /** The full metadata key, e.g. {@code llama.block_count}. */
    String key(String suffix) {
        return architecture + "." + suffix;
    }

    /**
     * A cache layout for layers with these windows, 0 for none. Where nobody chose a format, keys and values are F16; a model whose
     * weights are F32 keeps that precision in its cache too.
     *
     * @throws ModelFileException if the chosen format's blocks do not fit the model's heads
     */
    KvLayout kvLayout(TransformerConfig config, int... windows) {
        boolean precise = file.tensors().stream().allMatch(tensor -> tensor.format() == NumberFormat.F32);
        NumberFormat format = cacheFormat.orElse(precise ? NumberFormat.F32 : NumberFormat.F16);
        if (config.headDim() % format.blockElements() != 0) {
            throw new ModelFileException(name(), "its heads are %d wide, which %s cannot hold in blocks of %d; keep its cache in F16"
                    .formatted(config.headDim(), format, format.blockElements()));
        }
        return KvLayout.of(config.kvHeads(), config.headDim(), format, windows);
    }

    /** {@code attention.sliding_window}: how many positions a token sees, itself included. */
    int slidingWindow() {
        int window = metadata().integer(key("attention.sliding_window"));
        if (window < 1) {
            throw new ModelFileException(name(), "%s is %d, expected 1 or more".formatted(key("attention.sliding_window"), window));
        }
        return window;
    }

    /** Rows of the token embedding. */
    int vocabSize() {
        Tensor embedding = file.tensor(TOKEN_EMBEDDING).orElseThrow(
                () -> new ModelFileException(file.name(), "tensor token_embd.weight is missing; download the file again"));
        return embedding.rows();
    }

    /**
     * The rotary embedding by {@code rope.freq_base}, {@code rope.dimension_count}, {@code rope.scaling.*} and
     * {@code rope_freqs.weight}.
     */
    RotaryEmbedding rotary(Arena arena, TransformerConfig config, RotaryAngles.Pairing pairing, int capacityRows) {
        return rotary(arena, config, pairing, capacityRows, metadata().number(key("rope.freq_base"), 10_000f), RopeScaling.of(this));
    }

    /** The same with another base and scaling, for models that turn some layers differently. */
    RotaryEmbedding rotary(Arena arena, TransformerConfig config, RotaryAngles.Pairing pairing, int capacityRows, float base,
                           RopeScaling scaling) {
        int rotaryDim = metadata().integer(key("rope.dimension_count"), config.headDim());
        if (rotaryDim < 2 || rotaryDim > config.headDim() || rotaryDim % 2 != 0) {
            throw new ModelFileException(name(), "%s is %d, expected an even number up to the head size %d"
                    .formatted(key("rope.dimension_count"), rotaryDim, config.headDim()));
        }
        Tensor factors = weights.optionalVector("rope_freqs.weight", rotaryDim / 2).orElse(null);
        return new RotaryEmbedding(arena, scaling.inverseFrequencies(rotaryDim, base, factors), scaling.magnitude(),
                pairing, capacityRows);
    }
}
