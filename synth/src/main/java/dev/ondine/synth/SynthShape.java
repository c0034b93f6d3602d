package dev.ondine.synth;

import java.util.List;

/**
 * The sizes of a transformer to be made up.
 *
 * @param architecture  {@code general.architecture}, one of {@link #ARCHITECTURES}
 * @param window        positions that a token sees in layers with a sliding window, 0 for none
 * @param tiedOutput    whether the token embedding serves as output matrix too
 */
public record SynthShape(String name, String architecture, int layers, int modelDim, int ffnDim, int heads, int kvHeads, int headDim,
                         int vocabSize, int contextLength, int window, float ropeBase, float normEpsilon, boolean tiedOutput) {

    /** Every architecture that can be made up. */
    public static final List<String> ARCHITECTURES = List.of("llama", "mistral", "qwen2", "qwen3", "gemma2", "gemma3");

    private static final int MOST_LAYERS = 1_000;
    private static final int MOST_WIDTH = 1 << 20;

    /** @throws IllegalArgumentException if no transformer has these sizes */
    public SynthShape {
        require(ARCHITECTURES.contains(architecture), "architecture \"" + architecture + "\" is not one of " + ARCHITECTURES);
        requireSize("layers", layers, MOST_LAYERS);
        requireSize("model dimension", modelDim, MOST_WIDTH);
        requireSize("feed-forward dimension", ffnDim, MOST_WIDTH);
        requireSize("heads", heads, MOST_WIDTH);
        requireSize("key-value heads", kvHeads, heads);
        requireSize("head dimension", headDim, MOST_WIDTH / heads);
        requireSize("context length", contextLength, Integer.MAX_VALUE / 2);
        require(heads % kvHeads == 0, "%d key-value heads, expected a divisor of %d heads".formatted(kvHeads, heads));
        require(headDim % 2 == 0, "head dimension is %d, expected an even number".formatted(headDim));
        SynthVocabulary.requireSize(vocabSize);
    }

    private static void requireSize(String what, int size, int most) {
        require(size >= 1 && size <= most, "%s: found %d, expected 1 to %d".formatted(what, size, most));
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException(problem);
        }
    }

    int queryDim() {
        return heads * headDim;
    }

    int kvDim() {
        return kvHeads * headDim;
    }
}
