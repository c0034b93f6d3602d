package dev.ondine.explorer.shape;

import dev.ondine.roofline.shape.AttentionSizes;
import dev.ondine.roofline.shape.FeedForwardSizes;
import dev.ondine.roofline.shape.TransformerSizes;
import java.util.Set;
import java.util.stream.Stream;

/** Configurations of Llama and what descends from it: rotary positions, gated feed-forward networks, norms without biases. */
final class LlamaConfigs {

    static final Set<String> TYPES = Set.of("llama", "mistral", "mixtral", "qwen2", "qwen3", "qwen3_moe", "gemma", "gemma2", "gemma3_text",
            "phi3", "deepseek_v2", "deepseek_v3", "gpt_oss", "granite", "smollm3", "olmo2", "olmoe", "qwen2_moe");

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
        boolean tied = fields.flag("tie_word_embeddings", type.startsWith("gemma") || type.equals("smollm3"));
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
        // Qwen and SmolLM name a window that they use only when told to.
        boolean used = !type.startsWith("qwen") && !type.equals("smollm3") || fields.flag("use_sliding_window", false);
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
            case "mixtral", "olmoe" -> FeedForwardSizes.mixture(inner, experts(), active());
            case "gpt_oss" -> new FeedForwardSizes(inner, 3, experts(), active(), 0, 0, 0, 2 * inner + modelDim);
            case "qwen2_moe" -> new FeedForwardSizes(fields.width("moe_intermediate_size"), 3, experts(), active(),
                    fields.width("shared_expert_intermediate_size"), 0, 0, 0);
            case "qwen3_moe" -> FeedForwardSizes.mixture(fields.width("moe_intermediate_size"), experts(), active());
            case "deepseek_v2", "deepseek_v3" -> deepSeek(inner);
            default -> FeedForwardSizes.dense(inner, 3);
        };
    }

    private FeedForwardSizes deepSeek(long inner) {
        long one = fields.width("moe_intermediate_size");
        return new FeedForwardSizes(one, 3, experts(), active(),
                one * fields.number("n_shared_experts", 0, ConfigFields.MOST_LAYERS, 0),
                (int) fields.number("first_k_dense_replace", 0, layers, 0), inner, 0);
    }

    /** Each architecture has its own word for it, and versions of transformers write others. */
    private int experts() {
        String key = Stream.of("n_routed_experts", "num_local_experts", "num_experts").filter(fields::has).findFirst().orElse("num_experts");
        return (int) fields.number(key, 1, 65_536);
    }

    private int active() {
        return (int) fields.number("num_experts_per_tok", 1, experts());
    }

    /** Numbers in the norms and biases of a layer. */
    private long layerVectors() {
        long queries = (long) heads * headDim;
        long keysAndValues = 2L * kvHeads * headDim;
        long norms = 2L * modelDim;
        return switch (type) {
            case "qwen2" -> norms + queries + keysAndValues;
            case "qwen3", "qwen3_moe" -> norms + 2L * headDim;
            case "olmo2", "olmoe" -> norms + queries + keysAndValues / 2;
            // With the gate of the shared experts.
            case "qwen2_moe" -> norms + queries + keysAndValues + modelDim;
            case "gemma2" -> 2 * norms;
            case "gemma3_text" -> 2 * norms + 2L * headDim;
            // Biases of attention and router, and a sink for each head.
            case "gpt_oss" -> norms + queries + keysAndValues + modelDim + heads + experts();
            case "deepseek_v2" -> norms + latentNorms();
            case "deepseek_v3" -> norms + latentNorms() + experts();
            default -> norms + (fields.flag("attention_bias", false) ? queries + keysAndValues + modelDim : 0);
        };
    }

    private long latentNorms() {
        return fields.width("kv_lora_rank") + fields.number("q_lora_rank", 0, ConfigFields.MOST_WIDTH, 0);
    }
}
