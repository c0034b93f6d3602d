package dev.ondine.explorer.shape;

import dev.ondine.roofline.shape.AttentionSizes;
import dev.ondine.roofline.shape.FeedForwardSizes;
import dev.ondine.roofline.shape.TransformerSizes;
import java.util.Set;

/** Configurations of Llama and what descends from it: rotary positions, gated feed-forward networks, norms without biases. */
final class LlamaConfigs {

    static final Set<String> TYPES = Set.of("llama", "mistral", "mixtral", "qwen2", "qwen3", "qwen3_moe", "gemma", "gemma2", "gemma3_text",
            "phi3", "deepseek_v2", "deepseek_v3", "gpt_oss");

    private final String name;
    private final String type;
    private final ConfigFields fields;
    private final int layers;
    private final int modelDim;
    private final int heads;
    private final int kvHeads;
    private final int headDim;

    LlamaConfigs(String name, String type, ConfigFields fields) {
        this.name = name;
        this.type = type;
        this.fields = fields;
        this.layers = (int) fields.number("num_hidden_layers", 1, ConfigFields.MOST_LAYERS);
        this.modelDim = fields.width("hidden_size");
        // Gemma 3 leaves out what equals the defaults of transformers' Gemma3TextConfig.
        boolean gemma3 = type.equals("gemma3_text");
        this.heads = gemma3 ? fields.width("num_attention_heads", 8) : fields.width("num_attention_heads");
        this.kvHeads = (int) fields.number("num_key_value_heads", 1, heads, gemma3 ? 4 : heads);
        this.headDim = fields.width("head_dim", gemma3 ? 256 : Math.max(1, modelDim / heads));
    }

    TransformerSizes sizes() {
        long vocab = type.equals("gemma3_text") ? fields.width("vocab_size", 262_208) : fields.width("vocab_size");
        long context = fields.number("max_position_embeddings", 1, ConfigFields.MOST_TOKENS, type.equals("gemma3_text") ? 131_072 : 0);
        boolean tied = fields.flag("tie_word_embeddings", type.startsWith("gemma"));
        return TransformerSizes.plain(name, layers, modelDim, attention(), feedForward(), vocab, context, tied)
                .withVectors(layerVectors(), modelDim);
    }

    private AttentionSizes attention() {
        if (type.startsWith("deepseek")) {
            return new AttentionSizes.Latent(heads, (int) fields.number("q_lora_rank", 0, ConfigFields.MOST_WIDTH, 0),
                    fields.width("kv_lora_rank"), fields.width("qk_nope_head_dim"), fields.width("qk_rope_head_dim"),
                    fields.width("v_head_dim"));
        }
        int window = (int) fields.number("sliding_window", 0, Integer.MAX_VALUE, 0);
        // Qwen names a window that it uses only when told to.
        boolean used = !type.startsWith("qwen") || fields.flag("use_sliding_window", false);
        return new AttentionSizes.Grouped(heads, kvHeads, headDim, used ? window : 0, windowedLayers());
    }

    private int windowedLayers() {
        if (fields.has("layer_types")) {
            return (int) fields.count("layer_types", "sliding_attention");
        }
        return switch (type) {
            case "gemma2", "gpt_oss" -> layers - layers / 2;
            case "gemma3_text" -> layers - layers / fields.width("sliding_window_pattern", 6);
            default -> layers;
        };
    }

    private FeedForwardSizes feedForward() {
        long inner = fields.width("intermediate_size");
        return switch (type) {
            case "mixtral" -> FeedForwardSizes.mixture(inner, experts("num_local_experts"), active("num_local_experts"));
            case "gpt_oss" -> new FeedForwardSizes(inner, 3, experts("num_local_experts"), active("num_local_experts"), 0, 0, 0,
                    2 * inner + modelDim);
            case "qwen3_moe" -> FeedForwardSizes.mixture(fields.width("moe_intermediate_size"), experts("num_experts"), active("num_experts"));
            case "deepseek_v2", "deepseek_v3" -> deepSeek(inner);
            default -> FeedForwardSizes.dense(inner, 3);
        };
    }

    private FeedForwardSizes deepSeek(long inner) {
        long one = fields.width("moe_intermediate_size");
        return new FeedForwardSizes(one, 3, experts("n_routed_experts"), active("n_routed_experts"),
                one * fields.number("n_shared_experts", 0, ConfigFields.MOST_LAYERS, 0),
                (int) fields.number("first_k_dense_replace", 0, layers, 0), inner, 0);
    }

    private int experts(String key) {
        return (int) fields.number(key, 1, 65_536);
    }

    private int active(String expertsKey) {
        return (int) fields.number("num_experts_per_tok", 1, experts(expertsKey));
    }

    /** Numbers in the norms and biases of a layer. */
    private long layerVectors() {
        long queries = (long) heads * headDim;
        long keysAndValues = 2L * kvHeads * headDim;
        long norms = 2L * modelDim;
        return switch (type) {
            case "qwen2" -> norms + queries + keysAndValues;
            case "qwen3", "qwen3_moe" -> norms + 2L * headDim;
            case "gemma2" -> 2 * norms;
            case "gemma3_text" -> 2 * norms + 2L * headDim;
            // Biases of attention and router, and a sink for each head.
            case "gpt_oss" -> norms + queries + keysAndValues + modelDim + heads + experts("num_local_experts");
            case "deepseek_v2" -> norms + latentNorms();
            case "deepseek_v3" -> norms + latentNorms() + experts("n_routed_experts");
            default -> norms + (fields.flag("attention_bias", false) ? queries + keysAndValues + modelDim : 0);
        };
    }

    private long latentNorms() {
        return fields.width("kv_lora_rank") + fields.number("q_lora_rank", 0, ConfigFields.MOST_WIDTH, 0);
    }
}
