package dev.ondine.explorer.shape;

import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.RecurrentShapes;
import java.util.Set;

/** Configurations of Mamba, by transformers or by its authors, and of RWKV. */
final class RecurrentConfigs {

    static final Set<String> TYPES = Set.of("mamba", "rwkv", "rwkv5");

    private final String name;
    private final String type;
    private final ConfigFields fields;

    RecurrentConfigs(String name, String type, ConfigFields fields) {
        this.name = name;
        this.type = type;
        this.fields = fields;
    }

    ModelShape shape() {
        return switch (type) {
            case "mamba" -> mamba();
            case "rwkv" -> RecurrentShapes.rwkv4(name, layers("num_hidden_layers"), fields.width("hidden_size"), fields.width("vocab_size"),
                    context());
            case "rwkv5" -> RecurrentShapes.rwkv5(name, layers("num_hidden_layers"), fields.width("hidden_size"), fields.width("vocab_size"),
                    context(), fields.width("head_size", 64));
            default -> throw new IllegalStateException(type);
        };
    }

    private ModelShape mamba() {
        boolean byAuthors = fields.has("d_model");
        int modelDim = fields.width(byAuthors ? "d_model" : "hidden_size");
        // The authors' files name the words and pad them to a multiple.
        int multiple = byAuthors ? fields.width("pad_vocab_size_multiple", 8) : 1;
        long vocab = Math.ceilDiv(fields.width("vocab_size"), multiple) * (long) multiple;
        int stepRank = Math.ceilDiv(modelDim, 16);
        boolean automatic = fields.has("time_step_rank") && fields.isText("time_step_rank");
        return RecurrentShapes.mamba(name, layers(byAuthors ? "n_layer" : "num_hidden_layers"), modelDim, vocab,
                fields.width("state_size", 16), fields.width("conv_kernel", 4), fields.width("expand", 2),
                automatic ? stepRank : fields.width("time_step_rank", stepRank));
    }

    private int layers(String key) {
        return (int) fields.number(key, 1, ConfigFields.MOST_LAYERS);
    }

    private long context() {
        return fields.number("context_length", 0, ConfigFields.MOST_TOKENS, 0);
    }
}
