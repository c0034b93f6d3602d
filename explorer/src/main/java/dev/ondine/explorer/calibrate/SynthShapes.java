package dev.ondine.explorer.calibrate;

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
        return new TransformerSizes(shape.name(), shape.layers(), shape.modelDim(), shape.heads(), shape.kvHeads(), shape.headDim(),
                shape.ffnDim(), 3, shape.vocabSize(), shape.contextLength(), shape.window(), globalEvery, shape.tiedOutput(),
                0, 0, 0, 0, 0).shape();
    }
}
