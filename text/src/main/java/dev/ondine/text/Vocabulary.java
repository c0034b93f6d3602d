package dev.ondine.text;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Map;
import java.util.OptionalInt;

/** The tokens of a model: their bytes, types and scores, and which of them play a special part. Ids count from 0. */
public final class Vocabulary {

    private final String[] texts;
    private final TokenType[] types;
    private final float[] scores;
    private final PieceTable pieces;
    private final Map<SpecialToken, Integer> specials;
    private final BitSet ends;
    private final boolean addsBegin;
    private final boolean addsEnd;

    Vocabulary(String[] texts, TokenType[] types, float[] scores, byte[][] bytes, Map<SpecialToken, Integer> specials,
            BitSet ends, boolean addsBegin, boolean addsEnd) {
        this.texts = texts;
        this.types = types;
        this.scores = scores;
        this.pieces = new PieceTable(bytes);
        this.specials = specials;
        this.ends = ends;
        this.addsBegin = addsBegin;
        this.addsEnd = addsEnd;
        index(true);
        index(false);
    }

    /** Tokens of text come first, so that no mark hides a piece of text that is written alike. */
    private void index(boolean ofText) {
        for (int token = 0; token < texts.length; token++) {
            if (spellsText(token) == ofText) {
                pieces.index(token);
            }
        }
    }

    public int size() {
        return texts.length;
    }

    /** The token as the file writes it: {@code Ġthe} or {@code ▁the} where the bytes are those of " the". */
    public String text(int token) {
        return texts[token];
    }

    /** A copy of the bytes that the token stands for, which may be a part of a character. */
    public byte[] bytes(int token) {
        byte[] bytes = new byte[pieces.length(token)];
        pieces.copy(token, 0, bytes, 0);
        return bytes;
    }

    /** The bytes as text, for display; a part of a character shows as U+FFFD. */
    public String piece(int token) {
        return new String(bytes(token), StandardCharsets.UTF_8);
    }

    TokenType type(int token) {
        return types[token];
    }

    /** How early the token is merged (SentencePiece); 0 in a file without scores. */
    float score(int token) {
        return scores[token];
    }

    /** The token that plays this part, if the file names one. */
    public OptionalInt special(SpecialToken part) {
        Integer token = specials.get(part);
        return token == null ? OptionalInt.empty() : OptionalInt.of(token);
    }

    /** Whether generation stops at this token. */
    public boolean endsGeneration(int token) {
        return ends.get(token);
    }

    /** Whether a text for this model starts with the token {@link SpecialToken#BEGIN}, which then exists. */
    public boolean addsBegin() {
        return addsBegin;
    }

    /** Whether a text for this model ends with the token {@link SpecialToken#END}, which then exists. */
    public boolean addsEnd() {
        return addsEnd;
    }

    PieceTable pieces() {
        return pieces;
    }

    /** Whether merges may lead to the token: it is a piece of text, not a mark or a stand-in. */
    boolean spellsText(int token) {
        return types[token] == TokenType.NORMAL || types[token] == TokenType.UNUSED;
    }

    /** Whether the token is found in text as a whole: a mark or a user-defined token. */
    boolean isSpecial(int token) {
        return isMark(token) || types[token] == TokenType.USER_DEFINED;
    }

    /** Whether the token is a mark that is no part of the text. */
    public boolean isMark(int token) {
        return types[token] == TokenType.CONTROL || types[token] == TokenType.UNKNOWN;
    }
}
