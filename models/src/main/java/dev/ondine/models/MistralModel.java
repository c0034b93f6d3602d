package dev.ondine.models;

import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.KvLayer;
import dev.ondine.tensor.KvPages;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.RotaryAngles;
import dev.ondine.tensor.RotaryAngles.Pairing;
import dev.ondine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;

/**
 * Mistral: a Llama whose every layer sees only the last positions ({@code attention.sliding_window}).
 *
 * @see <a href="https://arxiv.org/abs/2310.06825">arXiv:2310.06825</a>
 */
final class MistralModel implements Model {

    private final TransformerConfig config;
    private final Kernels kernels;
    /** [vocab, modelDim] */
    private final Tensor tokenEmbedding;
    private final List<PreNormLayer> layers;
    private final RotaryEmbedding rotary;
    private final OutputHead head;
    private final Facts facts;
    private final Workspace work;

    MistralModel(ModelFile file, Kernels kernels, Arena arena, int capacityRows) {
        this.config = TransformerConfig.of(file);
        this.kernels = kernels;
        this.tokenEmbedding = file.weights().table(ModelFile.TOKEN_EMBEDDING, config.vocabSize(), config.modelDim());
        this.layers = WeightReader.layers(config.layers(), prefix -> PreNormLayer.of(file.weights(), prefix, config));
        this.rotary = file.rotary(arena, config, Pairing.ADJACENT, capacityRows);
        this.head = OutputHead.of(arena, file.weights(), config, tokenEmbedding, capacityRows);
        this.facts = Facts.of("mistral", config, file.kvLayout(config, windows(config, file.slidingWindow())));
        this.work = new Workspace(arena, config, capacityRows);
    }

    private static int[] windows(TransformerConfig config, int window) {
        int[] windows = new int[config.layers()];
        Arrays.fill(windows, window);
        return windows;
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
            PreNormLayer layer = layers.get(index);
            KvLayer kv = facts.kvLayout().layer(index);
            KvPages[] pages = batch.pages(facts.kvLayout().group(index));

            kernels.rmsNorm(work.x, layer.attentionNorm(), config.normEpsilon(), work.h);
            layer.attention().project(kernels, work);
            kernels.rope(work.q, config.headDim(), angles);
            kernels.rope(work.k, config.headDim(), angles);
            kernels.storeKv(work.k, work.v, kv, pages, batch.positions());
            kernels.attention(work.q, kv, pages, batch.positions(), config.queryScale(), 0, work.attended);
            layer.attention().projectOutput(kernels, work);
            kernels.add(work.x, work.h);

            kernels.rmsNorm(work.x, layer.feedForwardNorm(), config.normEpsilon(), work.h);
            layer.feedForward().forward(kernels, work);
            kernels.add(work.x, work.h);
        }
        head.forward(kernels, work.x, batch, logits);
    }
}
