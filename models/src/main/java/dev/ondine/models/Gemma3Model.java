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
 * Gemma 3, text: as Gemma 2 without bounds on scores and logits, with an RMS norm on every query and key head. Five layers
 * with a sliding window and unscaled rotary positions of base 10,000 come before each that sees everything.
 *
 * @see <a href="https://arxiv.org/abs/2503.19786">arXiv:2503.19786</a>
 */
final class Gemma3Model implements Model {

    private static final int LAYERS_OF_27B = 62;
    private static final int PATTERN = 6;
    private static final float LOCAL_BASE = 10_000f;

    private final TransformerConfig config;
    private final Kernels kernels;
    /** [vocab, modelDim] */
    private final Tensor tokenEmbedding;
    private final List<Layer> layers;
    private final RotaryEmbedding globalRotary;
    private final RotaryEmbedding localRotary;
    private final OutputHead head;
    private final Facts facts;
    private final Workspace work;
    private final float queryScale;

    Gemma3Model(ModelFile file, Kernels kernels, Arena arena, int capacityRows) {
        this.config = TransformerConfig.of(file);
        this.kernels = kernels;
        this.tokenEmbedding = file.weights().table(ModelFile.TOKEN_EMBEDDING, config.vocabSize(), config.modelDim());
        this.layers = WeightReader.layers(config.layers(), prefix -> Layer.of(file.weights(), prefix, config));
        this.globalRotary = file.rotary(arena, config, Pairing.HALVES, capacityRows,
                file.metadata().number(file.key("rope.freq_base"), 1_000_000f), RopeScaling.of(file));
        this.localRotary = file.rotary(arena, config, Pairing.HALVES, capacityRows,
                file.metadata().number(file.key("rope.freq_base_swa"), LOCAL_BASE), new RopeScaling.None());
        this.head = OutputHead.of(arena, file.weights(), config, tokenEmbedding, capacityRows);
        this.facts = Facts.of("gemma3", config, file.kvLayout(config, windows(config, file.slidingWindow())));
        this.work = new Workspace(arena, config, capacityRows);
        this.queryScale = GemmaLayer.queryScale(config, LAYERS_OF_27B);
    }

    /**
     * @param queryNorm [headDim]
     * @param keyNorm   [headDim]
     */
    private record Layer(GemmaLayer base, Tensor queryNorm, Tensor keyNorm) {

        static Layer of(WeightReader weights, String prefix, TransformerConfig config) {
            return new Layer(GemmaLayer.of(weights, prefix, config),
                    weights.vector(prefix + "attn_q_norm.weight", config.headDim()),
                    weights.vector(prefix + "attn_k_norm.weight", config.headDim()));
        }
    }

    private static int[] windows(TransformerConfig config, int window) {
        int[] windows = new int[config.layers()];
        for (int index = 0; index < windows.length; index++) {
            windows[index] = index % PATTERN == PATTERN - 1 ? 0 : window;
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
        RotaryAngles globalAngles = globalRotary.at(batch.positions(), batch.rows());
        RotaryAngles localAngles = localRotary.at(batch.positions(), batch.rows());

        kernels.embed(tokenEmbedding, batch.tokens(), work.x);
        kernels.scale(work.x, (float) Math.sqrt(config.modelDim()));
        for (int index = 0; index < config.layers(); index++) {
            Layer layer = layers.get(index);
            GemmaLayer base = layer.base;
            KvLayer kv = facts.kvLayout().layer(index);
            KvPages[] pages = batch.pages(facts.kvLayout().group(index));
            RotaryAngles angles = kv.window() == 0 ? globalAngles : localAngles;

            kernels.rmsNorm(work.x, base.attentionNorm(), config.normEpsilon(), work.h);
            base.attention().project(kernels, work);
            kernels.rmsNorm(work.qHeads, layer.queryNorm, config.normEpsilon(), work.qHeads);
            kernels.rmsNorm(work.kHeads, layer.keyNorm, config.normEpsilon(), work.kHeads);
            kernels.rope(work.q, config.headDim(), angles);
            kernels.rope(work.k, config.headDim(), angles);
            kernels.storeKv(work.k, work.v, kv, pages, batch.positions());
            kernels.attention(work.q, kv, pages, batch.positions(), queryScale, 0, work.attended);
            base.attention().projectOutput(kernels, work);
            kernels.rmsNorm(work.h, base.attentionPostNorm(), config.normEpsilon(), work.h);
            kernels.add(work.x, work.h);

            kernels.rmsNorm(work.x, base.feedForwardNorm(), config.normEpsilon(), work.h);
            base.feedForward().forward(kernels, work);
            kernels.rmsNorm(work.h, base.feedForwardPostNorm(), config.normEpsilon(), work.h);
            kernels.add(work.x, work.h);
        }
        head.forward(kernels, work.x, batch, logits);
    }
}
