package dev.ondine.roofline.shape;

import java.util.ArrayList;
import java.util.List;

/** The sizes of attention, the same in all layers of a model but for windows. */
public sealed interface AttentionSizes {

    /** Its matrices in a model of so many layers. */
    List<WeightGroup> weights(int modelDim, int layers);

    /** What the layers keep. */
    List<AttentionGroup> groups(int layers);

    /**
     * Grouped-query attention; with as many key-value heads as heads, multi-head attention.
     *
     * @param headDim        channels of a head
     * @param window         most past tokens that windowed layers read; 0 without
     * @param windowedLayers layers that have the window; the others read everything
     */
    record Grouped(int heads, int kvHeads, int headDim, int window, int windowedLayers) implements AttentionSizes {

        @Override
        public List<WeightGroup> weights(int modelDim, int layers) {
            long queries = (long) heads * headDim;
            long keys = (long) kvHeads * headDim;
            return List.of(WeightGroup.of("attn_q", Role.LAYER, queries, modelDim, layers),
                    WeightGroup.of("attn_k", Role.LAYER, keys, modelDim, layers),
                    WeightGroup.of("attn_v", Role.LAYER, keys, modelDim, layers),
                    WeightGroup.of("attn_output", Role.LAYER, modelDim, queries, layers));
        }

        @Override
        public List<AttentionGroup> groups(int layers) {
            int windowed = window == 0 ? 0 : Math.min(windowedLayers, layers);
            List<AttentionGroup> groups = new ArrayList<>();
            if (windowed < layers) {
                groups.add(AttentionGroup.of(layers - windowed, heads, kvHeads, headDim, 0));
            }
            if (windowed > 0) {
                groups.add(AttentionGroup.of(windowed, heads, kvHeads, headDim, window));
            }
            return groups;
        }
    }

    /**
     * Multi-head latent attention: the cache holds one latent vector and one rotated key for all heads.
     *
     * @param queryRank  width of the queries' latent; 0 where queries are made directly
     * @param latentRank width of the cached latent
     * @param plainDim   channels of a head without rotation
     * @param rotaryDim  channels of a head with rotation
     * @param valueDim   channels of a head's values
     * @see <a href="https://arxiv.org/abs/2405.04434">DeepSeek-V2, section 2.1</a>
     */
    record Latent(int heads, int queryRank, int latentRank, int plainDim, int rotaryDim, int valueDim) implements AttentionSizes {

        @Override
        public List<WeightGroup> weights(int modelDim, int layers) {
            List<WeightGroup> weights = new ArrayList<>();
            long queries = (long) heads * (plainDim + rotaryDim);
            if (queryRank == 0) {
                weights.add(WeightGroup.of("attn_q", Role.LAYER, queries, modelDim, layers));
            } else {
                weights.add(WeightGroup.of("attn_q_a", Role.LAYER, queryRank, modelDim, layers));
                weights.add(WeightGroup.of("attn_q_b", Role.LAYER, queries, queryRank, layers));
            }
            weights.add(WeightGroup.of("attn_kv_a_mqa", Role.LAYER, latentRank + rotaryDim, modelDim, layers));
            weights.add(WeightGroup.of("attn_kv_b", Role.LAYER, (long) heads * (plainDim + valueDim), latentRank, layers));
            weights.add(WeightGroup.of("attn_output", Role.LAYER, modelDim, (long) heads * valueDim, layers));
            return weights;
        }

        /** A head's work with its projections absorbed: a dot product over latent and rotated key, a sum over the latent. */
        @Override
        public List<AttentionGroup> groups(int layers) {
            return List.of(new AttentionGroup(layers, heads, latentRank + rotaryDim / 2, latentRank + rotaryDim, 0));
        }
    }
}
