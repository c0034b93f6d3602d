package dev.ondine.models;

import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.KvLayer;
import dev.ondine.tensor.KvPages;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.RotaryAngles;
import dev.ondine.tensor.RotaryAngles.Pairing;
import dev.ondine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * Qwen 3, dense: a Llama with an RMS norm on every query and key head, its rotary pairs half a head apart.
 *
 * @see <a href="https://arxiv.org/abs/2505.09388">arXiv:2505.09388</a>
 */
final class Qwen3Model implements Model {

    private final TransformerConfig config;
    private final Kernels kernels;
    /** [vocab, modelDim] */
    private final Tensor tokenEmbedding;
    private final List<Layer> layers;
    private final RotaryEmbedding rotary;
    private final OutputHead head;
    private final Facts facts;
    private final Workspace work;

    Qwen3Model(ModelFile file, Kernels kernels, Arena arena, int capacityRows) {
        this.config = TransformerConfig.of(file);
        this.kernels = kernels;
        this.tokenEmbedding = file.weights().table(ModelFile.TOKEN_EMBEDDING, config.vocabSize(), config.modelDim());
        this.layers = WeightReader.layers(config.layers(), prefix -> Layer.of(file.weights(), prefix, config));
        this.rotary = file.rotary(arena, config, Pairing.HALVES, capacityRows);
        this.head = OutputHead.of(arena, file.weights(), config, tokenEmbedding, capacityRows);
        this.facts = Facts.of("qwen3", config, file.kvLayout(config, new int[config.layers()]));
        this.work = new Workspace(arena, config, capacityRows);
    }

    /**
     * @param queryNorm [headDim]
     * @param keyNorm   [headDim]
     */
    private record Layer(PreNormLayer base, Tensor queryNorm, Tensor keyNorm) {

        static Layer of(WeightReader weights, String prefix, TransformerConfig config) {
            return new Layer(PreNormLayer.of(weights, prefix, config),
                    weights.vector(prefix + "attn_q_norm.weight", config.headDim()),
                    weights.vector(prefix + "attn_k_norm.weight", config.headDim()));
        }
    }

    @Override
    public Facts facts() {
        return facts;
    }

    @Override
    public Matrix embeddings() {
        return head.embeddings();
    }

    @Override
    public void forward(Batch batch, Matrix logits) {
        work.setRows(batch.rows());
        RotaryAngles angles = rotary.at(batch.positions(), batch.rows());

        kernels.embed(tokenEmbedding, batch.tokens(), work.x);
        for (int index = 0; index < config.layers(); index++) {
            Layer layer = layers.get(index);
            KvLayer kv = facts.kvLayout().layer(index);
            KvPages[] pages = batch.pages(facts.kvLayout().group(index));

            kernels.rmsNorm(work.x, layer.base.attentionNorm(), config.normEpsilon(), work.h);
            layer.base.attention().project(kernels, work);
            kernels.rmsNorm(work.qHeads, layer.queryNorm, config.normEpsilon(), work.qHeads);
            kernels.rmsNorm(work.kHeads, layer.keyNorm, config.normEpsilon(), work.kHeads);
            kernels.rope(work.q, config.headDim(), angles);
            kernels.rope(work.k, config.headDim(), angles);
            kernels.storeKv(work.k, work.v, kv, pages, batch.positions());
            kernels.attention(work.q, kv, pages, batch.positions(), config.queryScale(), 0, work.attended);
            layer.base.attention().projectOutput(kernels, work);
            kernels.add(work.x, work.h);

            kernels.rmsNorm(work.x, layer.base.feedForwardNorm(), config.normEpsilon(), work.h);
            layer.base.feedForward().forward(kernels, work);
            kernels.add(work.x, work.h);
        }
        head.forward(kernels, work.x, batch, logits);
    }
}
