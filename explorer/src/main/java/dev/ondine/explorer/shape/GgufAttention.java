package dev.ondine.explorer.shape;

import dev.ondine.files.Metadata;
import dev.ondine.roofline.shape.AttentionGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the layers of a GGUF model keep, from its metadata. A layer without key-value heads keeps no keys: it is recurrent. */
final class GgufAttention {

    private final Metadata metadata;
    private final GgufSizes sizes;

    GgufAttention(Metadata metadata, GgufSizes sizes) {
        this.metadata = metadata;
        this.sizes = sizes;
    }

    List<AttentionGroup> groups() {
        int[] heads = sizes.perLayer("attention.head_count", GgufSizes.MOST_WIDTH, 0);
        Map<AttentionGroup, Integer> layers = new LinkedHashMap<>();
        int[] kvHeads = kvHeads(heads);
        for (int layer = 0; layer < heads.length; layer++) {
            if (heads[layer] > 0 && kvHeads[layer] > 0) {
                layers.merge(group(layer, heads[layer], kvHeads[layer]), 1, Integer::sum);
            }
        }
        return layers.entrySet().stream().map(entry -> times(entry.getKey(), entry.getValue())).toList();
    }

    private int[] kvHeads(int[] heads) {
        if (!sizes.has("attention.head_count_kv")) {
            return heads;
        }
        int[] kvHeads = sizes.perLayer("attention.head_count_kv", GgufSizes.MOST_WIDTH, 0);
        for (int layer = 0; layer < heads.length; layer++) {
            if (kvHeads[layer] > 0 && heads[layer] % kvHeads[layer] != 0) {
                throw sizes.refused("attention.head_count_kv", Integer.toString(kvHeads[layer]), "a divisor of " + heads[layer] + " heads");
            }
        }
        return kvHeads;
    }

    private AttentionGroup group(int layer, int heads, int kvHeads) {
        int latent = sizes.size("attention.kv_lora_rank", 0, GgufSizes.MOST_WIDTH, 0);
        if (latent > 0) {
            int rotary = sizes.size("rope.dimension_count", 1, GgufSizes.MOST_WIDTH);
            return new AttentionGroup(1, heads, latent + rotary / 2, latent + rotary, window(layer));
        }
        int mostDim = GgufSizes.MOST_WIDTH / heads;
        int keyDim = sizes.size("attention.key_length", 1, mostDim, sizes.modelDim() / heads);
        int valueDim = sizes.size("attention.value_length", 1, mostDim, keyDim);
        return new AttentionGroup(1, heads, (keyDim + valueDim) / 2, (long) kvHeads * (keyDim + valueDim), window(layer));
    }

    /** 0 where the layer reads everything; as the models of this house take it, and llama.cpp where there is none. */
    private int window(int layer) {
        int window = sizes.size("attention.sliding_window", 0, Integer.MAX_VALUE, 0);
        return window > 0 && isWindowed(layer) ? window : 0;
    }

    private boolean isWindowed(int layer) {
        if (sizes.has("attention.sliding_window_pattern") && sizes.isArray("attention.sliding_window_pattern")
                && metadata.typedValue(sizes.key("attention.sliding_window_pattern")).value() instanceof boolean[] windowed) {
            return layer < windowed.length && windowed[layer];
        }
        int every = switch (sizes.architecture()) {
            case "gemma2", "gpt-oss" -> 2;
            case "cohere2", "exaone4" -> 4;
            case "gemma3n" -> 5;
            case "gemma3" -> 6;
            // Mistral files call themselves llama; the window tells them apart.
            case "mistral", "llama" -> Integer.MAX_VALUE;
            default -> 1;
        };
        return layer % every != every - 1;
    }

    private static AttentionGroup times(AttentionGroup one, int layers) {
        return new AttentionGroup(layers, one.heads(), one.headDim(), one.kvElements(), one.window());
    }
}
