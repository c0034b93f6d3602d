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
 * Gemma 2: norms before and after each half, GeGLU, bounded scores and logits, every other layer with a sliding window.
 *
 * @see <a href="https://arxiv.org/abs/2408.00118">arXiv:2408.00118</a>
 */
final class Gemma2Model implements Model {

    private static final int LAYERS_OF_27B = 46;

    private final TransformerConfig config;
    private final Kernels kernels;
    /** [vocab, modelDim] */
    private final Tensor tokenEmbedding;
    private final List<GemmaLayer> layers;
    private final RotaryEmbedding rotary;
    private final OutputHead head;
    private final Facts facts;
    private final Workspace work;
    private final float queryScale;
    private final float scoreCap;
    private final float logitCap;

    Gemma2Model(ModelFile file, Kernels kernels, Arena arena, int capacityRows) {
        this.config = TransformerConfig.of(file);
        this.kernels = kernels;
        this.tokenEmbedding = file.weights().table(ModelFile.TOKEN_EMBEDDING, config.vocabSize(), config.modelDim());
        this.layers = WeightReader.layers(config.layers(), prefix -> GemmaLayer.of(file.weights(), prefix, config));
        this.rotary = file.rotary(arena, config, Pairing.HALVES, capacityRows);
        this.head = OutputHead.of(arena, file.weights(), config, tokenEmbedding, capacityRows);
        this.facts = Facts.of("gemma2", config, file.kvLayout(config, windows(config, file.slidingWindow())));
        this.work = new Workspace(arena, config, capacityRows);
        this.queryScale = GemmaLayer.queryScale(config, LAYERS_OF_27B);
        this.scoreCap = file.metadata().number(file.key("attn_logit_softcapping"), 50f);
        this.logitCap = file.metadata().number(file.key("final_logit_softcapping"), 30f);
    }

    private static int[] windows(TransformerConfig config, int window) {
        int[] windows = new int[config.layers()];
        for (int index = 0; index < windows.length; index += 2) {
            windows[index] = window;
        }
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
        kernels.scale(work.x, (float) Math.sqrt(config.modelDim()));
        for (int index = 0; index < config.layers(); index++) {
            GemmaLayer layer = layers.get(index);
            KvLayer kv = facts.kvLayout().layer(index);
            KvPages[] pages = batch.pages(facts.kvLayout().group(index));

            kernels.rmsNorm(work.x, layer.attentionNorm(), config.normEpsilon(), work.h);
            layer.attention().project(kernels, work);
            kernels.rope(work.q, config.headDim(), angles);
            kernels.rope(work.k, config.headDim(), angles);
            kernels.storeKv(work.k, work.v, kv, pages, batch.positions());
            kernels.attention(work.q, kv, pages, batch.positions(), queryScale, scoreCap, work.attended);
            layer.attention().projectOutput(kernels, work);
            kernels.rmsNorm(work.h, layer.attentionPostNorm(), config.normEpsilon(), work.h);
            kernels.add(work.x, work.h);

            kernels.rmsNorm(work.x, layer.feedForwardNorm(), config.normEpsilon(), work.h);
            layer.feedForward().forward(kernels, work);
            kernels.rmsNorm(work.h, layer.feedForwardPostNorm(), config.normEpsilon(), work.h);
            kernels.add(work.x, work.h);
        }
        head.forward(kernels, work.x, batch, logits);
        kernels.softcap(logits, logitCap);
    }
}
