package dev.ondine.text;

/** What a token stands for; the values of {@code tokenizer.ggml.token_type}, which count from 1. */
enum TokenType {
    /** A piece of text. */
    NORMAL,
    /** Stands for text that no token can spell. */
    UNKNOWN,
    /** A mark for the model, such as the end of a turn; not text. */
    CONTROL,
    /** A piece of text that is matched as a whole before anything is split. */
    USER_DEFINED,
    /** A row without a use. */
    UNUSED,
    /** One byte, for text that the other tokens cannot spell. */
    BYTE
}
