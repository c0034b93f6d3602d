package dev.ondine.explorer.calibrate;

import dev.ondine.roofline.shape.AttentionSizes;
import dev.ondine.roofline.shape.FeedForwardSizes;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.TransformerSizes;
import dev.ondine.synth.SynthShape;

/** The shape of a model with random weights, as the cost model sees it. */
public final class SynthShapes {

    /** Gemma's layers with a window and those without alternate, or one in six has none. */
    private static final int GEMMA2_GLOBAL = 2;
    private static final int GEMMA3_GLOBAL = 6;

    private SynthShapes() {
    }

    public static ModelShape of(SynthShape shape) {
        int globalEvery = switch (shape.architecture()) {
            case "gemma2" -> GEMMA2_GLOBAL;
            case "gemma3" -> GEMMA3_GLOBAL;
            default -> 0;
        };
        int windowed = globalEvery == 0 ? shape.layers() : shape.layers() - shape.layers() / globalEvery;
        AttentionSizes attention = new AttentionSizes.Grouped(shape.heads(), shape.kvHeads(), shape.headDim(), shape.window(), windowed);
        return TransformerSizes.plain(shape.name(), shape.layers(), shape.modelDim(), attention, FeedForwardSizes.dense(shape.ffnDim(), 3),
                shape.vocabSize(), shape.contextLength(), shape.tiedOutput()).shape();
    }
}
