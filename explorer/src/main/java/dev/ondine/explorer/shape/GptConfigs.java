package dev.ondine.explorer.shape;

import dev.ondine.roofline.shape.AttentionSizes;
import dev.ondine.roofline.shape.FeedForwardSizes;
import dev.ondine.roofline.shape.TransformerSizes;
import java.util.Set;

/** Configurations of GPT-2 and its kin: feed-forward networks of two matrices, norms with biases. */
final class GptConfigs {

    static final Set<String> TYPES = Set.of("gpt2", "opt", "bloom", "falcon", "phi", "gpt_neox");

    /** Two norms with biases, and the biases of four products of attention and two of the feed-forward network. */
    private static final int VECTORS = 13;

    private final String name;
    private final String type;
    private final ConfigFields fields;

    GptConfigs(String name, String type, ConfigFields fields) {
        this.name = name;
        this.type = type;
        this.fields = fields;
    }

    TransformerSizes sizes() {
        return switch (type) {
            case "gpt2" -> gpt2();
            case "opt" -> opt();
            case "bloom" -> bloom();
            case "falcon" -> falcon();
            case "phi" -> phi();
            case "gpt_neox" -> gptNeoX();
            default -> throw new IllegalStateException(type);
        };
    }

    private TransformerSizes gpt2() {
        int modelDim = fields.width("n_embd");
        long context = fields.number("n_positions", 1, ConfigFields.MOST_WIDTH);
        return plain("n_layer", modelDim, fields.width("n_head"), fields.width("n_inner", 4L * modelDim), context, true)
                .withPositions(context).withVectors((long) VECTORS * modelDim, 2L * modelDim);
    }

    private TransformerSizes opt() {
        int modelDim = fields.width("hidden_size");
        if (fields.width("word_embed_proj_dim", modelDim) != modelDim) {
            return fields.refuse("word_embed_proj_dim", "hidden_size, " + modelDim);
        }
        long context = fields.number("max_position_embeddings", 1, ConfigFields.MOST_WIDTH);
        // The table of positions begins two rows before the first.
        return plain("num_hidden_layers", modelDim, fields.width("num_attention_heads"), fields.width("ffn_dim"), context, true)
                .withPositions(context + 2).withVectors((long) VECTORS * modelDim, 2L * modelDim);
    }

    private TransformerSizes bloom() {
        int modelDim = fields.has("n_embed") ? fields.width("n_embed") : fields.width("hidden_size");
        String headsKey = fields.has("n_head") ? "n_head" : "num_attention_heads";
        String layersKey = fields.has("n_layer") ? "n_layer" : "num_hidden_layers";
        return plain(layersKey, modelDim, fields.width(headsKey), 4L * modelDim, fields.number("seq_length", 1, ConfigFields.MOST_TOKENS, 0), true)
                .withVectors((long) VECTORS * modelDim, 4L * modelDim);
    }

    private TransformerSizes falcon() {
        int modelDim = fields.width("hidden_size");
        int heads = fields.width("num_attention_heads");
        boolean twoNorms = fields.flag("new_decoder_architecture", false) || !fields.flag("parallel_attn", true);
        int kvHeads = fields.flag("new_decoder_architecture", false) ? fields.width("num_kv_heads", heads)
                : fields.flag("multi_query", true) ? 1 : heads;
        long inner = fields.width("ffn_hidden_size", 4L * modelDim);
        int headDim = modelDim / heads;
        long biases = fields.flag("bias", false) ? (heads + 2L * kvHeads) * headDim + 2L * modelDim + inner : 0;
        return TransformerSizes.plain(name, layers("num_hidden_layers"), modelDim, new AttentionSizes.Grouped(heads, kvHeads, headDim, 0, 0),
                FeedForwardSizes.dense(inner, 2), fields.width("vocab_size"),
                fields.number("max_position_embeddings", 1, ConfigFields.MOST_TOKENS, 0), fields.flag("tie_word_embeddings", true))
                .withVectors((twoNorms ? 4L : 2L) * modelDim + biases, 2L * modelDim);
    }

    /** Phi 1 to 2: one norm for attention and feed-forward network, and a bias on the logits. */
    private TransformerSizes phi() {
        int modelDim = fields.width("hidden_size");
        long inner = fields.width("intermediate_size");
        return plain("num_hidden_layers", modelDim, fields.width("num_attention_heads"), inner,
                fields.number("max_position_embeddings", 1, ConfigFields.MOST_TOKENS, 0), false)
                .withVectors(2L * modelDim + 5L * modelDim + inner, 2L * modelDim + fields.width("vocab_size"));
    }

    private TransformerSizes gptNeoX() {
        int modelDim = fields.width("hidden_size");
        return plain("num_hidden_layers", modelDim, fields.width("num_attention_heads"), fields.width("intermediate_size"),
                fields.number("max_position_embeddings", 1, ConfigFields.MOST_TOKENS, 0), false)
                .withVectors(8L * modelDim + fields.width("intermediate_size") + modelDim, 2L * modelDim);
    }

    private TransformerSizes plain(String layersKey, int modelDim, int heads, long inner, long context, boolean tied) {
        return TransformerSizes.dense(name, layers(layersKey), modelDim, heads, heads, Math.max(1, modelDim / heads), inner, 2,
                fields.width("vocab_size"), context, fields.flag("tie_word_embeddings", tied));
    }

    private int layers(String key) {
        return (int) fields.number(key, 1, ConfigFields.MOST_LAYERS);
    }
}
