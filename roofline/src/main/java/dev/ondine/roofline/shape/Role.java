package dev.ondine.roofline.shape;

/** What a group of weights does, which decides how often it is read. */
public enum Role {
    /** Rows looked up by token: a step reads one row a token. */
    EMBEDDING,
    /** Gives the logits; read by every step that samples. */
    OUTPUT,
    /** Looked up by token and gives the logits as well. */
    TIED,
    /** Multiplied with every token. */
    LAYER,
    /** One of several experts; each token uses a few. */
    EXPERT,
    /** Norms and biases: read by every step, always in 32 bits in files of whole number formats. */
    VECTOR
}
