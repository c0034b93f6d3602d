package dev.ondine.text;

/** A part that a token of the vocabulary plays, and the metadata key that says which token plays it. */
public enum SpecialToken {
    BEGIN("bos_token_id"),
    END("eos_token_id"),
    END_OF_TURN("eot_token_id"),
    END_OF_MESSAGE("eom_token_id"),
    UNKNOWN("unknown_token_id"),
    /** The key is misspelt in the format itself. */
    SEPARATOR("seperator_token_id"),
    PADDING("padding_token_id"),
    MASK("mask_token_id"),
    FILL_PREFIX("fim_pre_token_id"),
    FILL_SUFFIX("fim_suf_token_id"),
    FILL_MIDDLE("fim_mid_token_id"),
    FILL_PADDING("fim_pad_token_id"),
    FILL_REPOSITORY("fim_rep_token_id"),
    FILL_FILE("fim_sep_token_id");

    private final String key;

    SpecialToken(String key) {
        this.key = "tokenizer.ggml." + key;
    }

    /** The metadata key that holds the token's id. */
    public String key() {
        return key;
    }
}
