package dev.ondine.models;

import dev.ondine.files.ModelFileException;

/**
 * The sizes that every transformer file gives, under keys that begin with its architecture.
 *
 * @param modelDim      {@code embedding_length}
 * @param layers        {@code block_count}
 * @param ffnDim        {@code feed_forward_length}
 * @param heads         {@code attention.head_count}
 * @param kvHeads       {@code attention.head_count_kv}, or as many as heads
 * @param headDim       {@code attention.key_length}, or modelDim / heads
 * @param contextLength {@code context_length}
 * @param normEpsilon   {@code attention.layer_norm_rms_epsilon}
 * @param vocabSize     rows of the token embedding
 */
record TransformerConfig(int modelDim, int layers, int ffnDim, int heads, int kvHeads, int headDim, int contextLength,
                         float normEpsilon, int vocabSize) {

    // Bounds far above any known model; they keep a broken file from asking for absurd amounts of memory.
    private static final int MOST_LAYERS = 4_096;
    private static final int MOST_WIDTH = 1 << 24;
    private static final int MOST_POSITIONS = Integer.MAX_VALUE / 2;

    static TransformerConfig of(ModelFile file) {
        int modelDim = size(file, "embedding_length", MOST_WIDTH);
        int heads = size(file, "attention.head_count", modelDim);
        int kvHeads = size(file, "attention.head_count_kv", heads, heads);
        int headDim = size(file, "attention.key_length", modelDim / heads, MOST_WIDTH / heads);
        int valueDim = file.metadata().integer(file.key("attention.value_length"), headDim);
        if (heads % kvHeads != 0) {
            throw refused(file, "attention.head_count_kv", kvHeads, "a divisor of " + heads + " heads");
        }
        if (valueDim != headDim) {
            throw refused(file, "attention.value_length", valueDim, headDim + ", the key length");
        }
        refuseExperts(file);
        if (headDim % 2 != 0) {
            throw refused(file, "attention.key_length", headDim, "an even number");
        }
        return new TransformerConfig(modelDim, size(file, "block_count", MOST_LAYERS), size(file, "feed_forward_length", MOST_WIDTH),
                heads, kvHeads, headDim, size(file, "context_length", MOST_POSITIONS),
                file.metadata().number(file.key("attention.layer_norm_rms_epsilon")), file.vocabSize());
    }

    private static void refuseExperts(ModelFile file) {
        int experts = file.metadata().integer(file.key("expert_count"), 0);
        if (experts > 0) {
            throw new ModelFileException(file.name(), "%s is %d, but Ondine cannot run mixtures of experts yet; use a dense model"
                    .formatted(file.key("expert_count"), experts));
        }
    }

    /** Columns of the queries of all heads. */
    int queryDim() {
        return heads * headDim;
    }

    /** Columns of the keys, or of the values, of all key-value heads. */
    int kvDim() {
        return kvHeads * headDim;
    }

    /** The usual factor on query · key, 1 / √headDim. */
    float queryScale() {
        return (float) (1 / Math.sqrt(headDim));
    }

    private static int size(ModelFile file, String key, int most) {
        return checked(file, key, file.metadata().integer(file.key(key)), most);
    }

    private static int size(ModelFile file, String key, int fallback, int most) {
        return checked(file, key, file.metadata().integer(file.key(key), fallback), most);
    }

    private static int checked(ModelFile file, String key, int value, int most) {
        if (value < 1 || value > most) {
            throw refused(file, key, value, "1 to " + most);
        }
        return value;
    }

    private static ModelFileException refused(ModelFile file, String key, int found, String expected) {
        return new ModelFileException(file.name(), "%s is %d, expected %s; download the file again"
                .formatted(file.key(key), found, expected));
    }
}
