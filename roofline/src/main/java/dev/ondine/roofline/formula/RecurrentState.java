package dev.ondine.roofline.formula;

/** Parameters and state of models whose memory of a sequence does not grow. */
public final class RecurrentState {

    private RecurrentState() {
    }

    /**
     * Numbers that Mamba keeps for a sequence: layers x inner channels x (state + convolution).
     *
     * @param expand      inner channels in units of modelDim, 2
     * @param stateDim    16
     * @param convolution width, 4
     * @see <a href="https://arxiv.org/abs/2312.00752">Gu, Dao: Mamba</a>
     */
    public static long mamba(long layers, long modelDim, long expand, long stateDim, long convolution) {
        return layers * expand * modelDim * (stateDim + convolution);
    }

    /** Numbers that RWKV-4 keeps for a sequence: 5 L D. @see <a href="https://arxiv.org/abs/2305.13048">Peng et al., RWKV</a> */
    public static long rwkv4(long layers, long modelDim) {
        return 5 * layers * modelDim;
    }

    /**
     * Numbers in the matrices that RWKV-5 keeps for a sequence: L D headDim.
     *
     * @param headDim 64
     * @see <a href="https://arxiv.org/abs/2404.05892">Peng et al., Eagle and Finch</a>
     */
    public static long rwkv5(long layers, long modelDim, long headDim) {
        return layers * modelDim * headDim;
    }

    /** Parameters of RWKV-4: 2 V D + 13 D² L + D (11 L + 4). @see <a href="https://arxiv.org/abs/2305.13048">Peng et al., RWKV</a> */
    public static long rwkv4Parameters(long layers, long modelDim, long vocabSize) {
        return 2 * vocabSize * modelDim + 13 * modelDim * modelDim * layers + modelDim * (11 * layers + 4);
    }
}
