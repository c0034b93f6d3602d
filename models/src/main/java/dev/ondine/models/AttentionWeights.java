package dev.ondine.models;

import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.Tensor;

/**
 * The four projections of grouped-query attention.
 *
 * @param query  [heads * headDim, modelDim]
 * @param key    [kvHeads * headDim, modelDim]
 * @param value  [kvHeads * headDim, modelDim]
 * @param output [modelDim, heads * headDim]
 * @see <a href="https://arxiv.org/abs/2305.13245">arXiv:2305.13245</a>
 */
record AttentionWeights(Tensor query, Tensor key, Tensor value, Tensor output) {

    static AttentionWeights of(WeightReader weights, String prefix, TransformerConfig config) {
        return new AttentionWeights(
                weights.matrix(prefix + "attn_q.weight", config.queryDim(), config.modelDim()),
                weights.matrix(prefix + "attn_k.weight", config.kvDim(), config.modelDim()),
                weights.matrix(prefix + "attn_v.weight", config.kvDim(), config.modelDim()),
                weights.matrix(prefix + "attn_output.weight", config.modelDim(), config.queryDim()));
    }

    /** h to q, k and v of the workspace. */
    void project(Kernels kernels, Workspace work) {
        kernels.matmul(query, work.h, work.q);
        kernels.matmul(key, work.h, work.k);
        kernels.matmul(value, work.h, work.v);
    }

    /** What attention gathered to h. */
    void projectOutput(Kernels kernels, Workspace work) {
        kernels.matmul(output, work.attended, work.h);
    }
}
