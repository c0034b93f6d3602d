package dev.ondine.text;

import dev.ondine.files.Metadata;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * SentencePiece byte-pair encoding: characters are merged into the pieces of the vocabulary, those of the highest score first;
 * what no piece spells is written in bytes.
 *
 * <p>The file writes a space as {@code ▁}; here pieces and text both have the space, and a {@code ▁} in the text counts as one.
 * Source: Kudo and Richardson 2018, "SentencePiece", with the merge order of its BPE model.
 */
final class SpmTokenizer implements Tokenizer {

    private static final char WRITTEN_SPACE = '▁';

    private final Vocabulary vocabulary;
    private final boolean addsSpacePrefix;
    private final SpecialTokens specialTokens;
    private final int[] byteTokens = new int[256];
    /** Whether no piece goes on behind a space that follows something else, so that words can be merged one by one. */
    private final boolean spacesStartWords;

    private SpmTokenizer(Vocabulary vocabulary, boolean addsSpacePrefix) {
        this.vocabulary = vocabulary;
        this.addsSpacePrefix = addsSpacePrefix;
        this.specialTokens = new SpecialTokens(vocabulary);
        Arrays.fill(byteTokens, -1);
        boolean spacesInside = false;
        for (int token = 0; token < vocabulary.size(); token++) {
            byte[] bytes = vocabulary.bytes(token);
            if (vocabulary.type(token) == TokenType.BYTE) {
                byteTokens[bytes[0] & 0xFF] = token;
            }
            spacesInside |= vocabulary.spellsText(token) && wordEnd(bytes, 0) < bytes.length;
        }
        spacesStartWords = !spacesInside;
    }

    static SpmTokenizer of(Metadata metadata) {
        Map<SpecialToken, Integer> usual = Map.of(SpecialToken.UNKNOWN, 0, SpecialToken.BEGIN, 1, SpecialToken.END, 2);
        Vocabulary vocabulary = VocabularyReader.read(metadata, new VocabularyReader.Family(SpmTokenizer::spaced, true, usual));
        return new SpmTokenizer(vocabulary, metadata.flag("tokenizer.ggml.add_space_prefix", true));
    }

    private static byte[] spaced(String text) {
        return Utf8.encode(text.replace(WRITTEN_SPACE, ' '));
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    @Override
    public boolean addsSpacePrefix() {
        return addsSpacePrefix;
    }

    @Override
    public int[] encode(String text, IntPredicate controlFrom) {
        TokenList tokens = new TokenList();
        PairMerger merger = new PairMerger();
        specialTokens.split(text, controlFrom, tokens,
                plain -> encodePlain(spaced(addsSpacePrefix ? " " + plain : plain), merger, tokens));
        return tokens.toArray();
    }

    @Override
    public BitSet controlStarts(String text) {
        return specialTokens.markStarts(text);
    }

    private void encodePlain(byte[] text, PairMerger merger, TokenList tokens) {
        for (int at = 0, end; at < text.length; at = end) {
            end = spacesStartWords ? wordEnd(text, at) : text.length;
            encodeWord(text, at, end, merger, tokens);
        }
    }

    /** Where the first space stands that follows something else, or else the end. */
    private static int wordEnd(byte[] text, int from) {
        int at = from + 1;
        while (at < text.length && (text[at] != ' ' || text[at - 1] == ' ')) {
            at++;
        }
        return Math.min(at, text.length);
    }

    private void encodeWord(byte[] text, int from, int to, PairMerger merger, TokenList tokens) {
        merger.clear();
        for (int at = from, end; at < to; at = end) {
            end = at + Utf8.length(text[at]);
            merger.add(piece(text, at, end), at, end);
        }
        merger.merge((left, right, start, end) -> join(piece(text, start, end)));
        for (int i = 0; i < merger.size(); i++) {
            if (merger.symbol(i) >= 0) {
                tokens.add(merger.symbol(i));
            } else {
                addBytes(text, merger.start(i), merger.end(i), tokens);
            }
        }
    }

    /** The piece of text that spells these bytes, or -1. */
    private int piece(byte[] text, int from, int to) {
        int token = vocabulary.pieces().find(text, from, to);
        return token >= 0 && vocabulary.spellsText(token) ? token : -1;
    }

    private long join(int piece) {
        return piece < 0 ? PairTable.ABSENT : (long) rank(vocabulary.score(piece)) << 32 | piece;
    }

    /** An int that is the lower the higher the score. */
    private static int rank(float score) {
        int bits = Float.floatToIntBits(score + 0f);
        return ~(bits ^ bits >> 31 & Integer.MAX_VALUE);
    }

    private void addBytes(byte[] text, int from, int to, TokenList tokens) {
        for (int at = from; at < to; at++) {
            int token = byteTokens[text[at] & 0xFF];
            if (token < 0) {
                vocabulary.special(SpecialToken.UNKNOWN).ifPresent(tokens::add);
                return;
            }
            tokens.add(token);
        }
    }
}
