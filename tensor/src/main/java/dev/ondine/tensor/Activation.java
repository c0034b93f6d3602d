package dev.ondine.tensor;

/** The nonlinearity of a gated feed-forward layer. */
public enum Activation {
    /**
     * x · sigmoid(x), of SwiGLU.
     *
     * @see <a href="https://arxiv.org/abs/2002.05202">arXiv:2002.05202</a>
     */
    SILU,
    /**
     * The tanh form of GELU, of GeGLU.
     *
     * @see <a href="https://arxiv.org/abs/1606.08415">arXiv:1606.08415</a>
     */
    GELU_TANH
}
