package dev.ondine.engine;

/** Why a completion ended. */
public enum FinishReason {
    /** The model ended it, or a stop string did. */
    STOP,
    /** The wanted number of tokens is reached. */
    LENGTH,
    /** The context is full. */
    CONTEXT,
    /** The caller cancelled it. */
    CANCELLED,
    /** Tokens, seconds or joules that were granted are used up. */
    BUDGET,
    /** It could not go on; the failure says why. */
    FAILED
}
