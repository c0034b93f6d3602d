package dev.ondine.explorer.shape;

import dev.ondine.roofline.shape.Role;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a tensor of a transformers model does, from its name.
 *
 * @param kind   as a GGUF file calls it where it has a name for it: {@code attn_q}
 * @param role   as far as the name tells
 * @param expert its index, or -1
 */
record TensorRole(String kind, Role role, int expert) {

    /** The kind of all that turns images and sounds into tokens, which no step of decoding reads. */
    static final String ENCODER = "encoder";

    private static final Pattern IN_LAYER = Pattern.compile("(?:.*\\.)?(?:layers|layer|h|blocks)\\.\\d{1,6}\\.(.+)");
    private static final Pattern EXPERT = Pattern.compile("(?:.*\\.)?experts\\.(?:(\\d{1,6})\\.)?(.+)");
    private static final Pattern OF_ENCODER = Pattern.compile(
            "(?:model\\.)?(?:vision_tower|vision_model|vision_encoder|visual|audio_tower|multi_modal_projector|mm_projector)\\..*");
    private static final Pattern TABLE = Pattern.compile("(?:.*\\.)?(?:embed_tokens|wte|word_embeddings|embeddings?|embed_in|emb)");
    private static final Pattern POSITIONS = Pattern.compile("(?:.*\\.)?(?:wpe|embed_positions|position_embeddings)");
    private static final Pattern LOGITS = Pattern.compile("(?:.*\\.)?(?:lm_head|embed_out|head|output)");

    /** Last parts of names, and what GGUF calls them. */
    private static final List<List<String>> NAMES = List.of(List.of("attn_q", "q_proj"), List.of("attn_k", "k_proj"),
            List.of("attn_v", "v_proj"), List.of("attn_output", "o_proj", "out_proj"), List.of("attn_qkv", "qkv_proj", "c_attn", "query_key_value"),
            List.of("ffn_gate", "gate_proj", "w1"), List.of("ffn_up", "up_proj", "w3", "fc1", "c_fc"),
            List.of("ffn_down", "down_proj", "w2", "fc2"), List.of("ffn_gate_up", "gate_up_proj"));

    static TensorRole of(String name) {
        String stem = name.endsWith(".weight") ? name.substring(0, name.length() - ".weight".length()) : name;
        if (OF_ENCODER.matcher(name).matches()) {
            return new TensorRole(ENCODER, Role.EMBEDDING, -1);
        }
        Matcher inLayer = IN_LAYER.matcher(stem);
        if (inLayer.matches()) {
            return inLayer(inLayer.group(1));
        }
        if (TABLE.matcher(stem).matches()) {
            return new TensorRole("token_embd", Role.EMBEDDING, -1);
        }
        if (POSITIONS.matcher(stem).matches()) {
            return new TensorRole("position_embd", Role.EMBEDDING, -1);
        }
        return LOGITS.matcher(stem).matches() ? new TensorRole("output", Role.OUTPUT, -1) : new TensorRole(stem, Role.LAYER, -1);
    }

    private static TensorRole inLayer(String rest) {
        Matcher expert = EXPERT.matcher(rest);
        if (expert.matches() && !rest.contains("shared_expert")) {
            return new TensorRole(ggufName(expert.group(2)) + "_exps", Role.EXPERT, expert.group(1) == null ? -1 : Integer.parseInt(expert.group(1)));
        }
        return new TensorRole(ggufName(rest) + (rest.contains("shared_expert") ? "_shexp" : ""), Role.LAYER, -1);
    }

    private static String ggufName(String rest) {
        return NAMES.stream().filter(names -> names.subList(1, names.size()).stream()
                .anyMatch(last -> rest.equals(last) || rest.endsWith("." + last))).findFirst().map(List::getFirst).orElse(rest);
    }
}
