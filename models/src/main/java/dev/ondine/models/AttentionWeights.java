package dev.ondine.models;

import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.Weight;

/**
 * The four projections of grouped-query attention.
 *
 * @param queryKeyValue query [heads * headDim, modelDim], key and value [kvHeads * headDim, modelDim]
 * @param output        [modelDim, heads * headDim]
 * @see <a href="https://arxiv.org/abs/2305.13245">arXiv:2305.13245</a>
 */
record AttentionWeights(Weight[] queryKeyValue, Weight output) {

    static AttentionWeights of(WeightReader weights, String prefix, TransformerConfig config) {
        return new AttentionWeights(new Weight[] {
            weights.matrix(prefix + "attn_q.weight", config.queryDim(), config.modelDim()),
            weights.matrix(prefix + "attn_k.weight", config.kvDim(), config.modelDim()),
            weights.matrix(prefix + "attn_v.weight", config.kvDim(), config.modelDim())},
                weights.matrix(prefix + "attn_output.weight", config.modelDim(), config.queryDim()));
    }

    /** h to q, k and v of the workspace. */
    void project(Kernels kernels, Workspace work) {
        kernels.matmul(queryKeyValue, work.h, work.queryKeyValue);
    }

    /** What attention gathered to h. */
    void projectOutput(Kernels kernels, Workspace work) {
        kernels.matmul(output, work.attended, work.h);
    }
}
