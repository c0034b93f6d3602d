package dev.ondine.text;

import dev.ondine.files.Metadata;
import dev.ondine.files.ModelFileException;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Byte-level byte-pair encoding: text is cut into words, a word into bytes, and neighbours are merged in the order of the file's
 * list of merges.
 *
 * <p>A byte that the vocabulary lacks is left out. Source: Radford et al. 2019, "Language Models are Unsupervised Multitask
 * Learners", section 2.2.
 */
final class BpeTokenizer implements Tokenizer {

    private static final String MERGES = "tokenizer.ggml.merges";

    private final Vocabulary vocabulary;
    private final PreTokenizer preTokenizer;
    private final SpecialTokens specialTokens;
    /** Rank and joined token of a pair of tokens, as {@link PairMerger.Joins} wants them. */
    private final PairTable merges;
    private final int[] byteTokens = new int[256];

    private BpeTokenizer(Vocabulary vocabulary, PreTokenizer preTokenizer, PairTable merges) {
        this.vocabulary = vocabulary;
        this.preTokenizer = preTokenizer;
        this.merges = merges;
        this.specialTokens = new SpecialTokens(vocabulary);
        for (int value = 0; value < byteTokens.length; value++) {
            byteTokens[value] = vocabulary.pieces().find(new byte[] {(byte) value}, 0, 1);
        }
    }

    static BpeTokenizer of(Metadata metadata) {
        PreTokenizer preTokenizer = PreTokenizer.of(metadata);
        Vocabulary vocabulary = VocabularyReader.read(metadata,
                new VocabularyReader.Family(ByteAlphabet::decode, preTokenizer.addsBegin(), Map.of()));
        return new BpeTokenizer(vocabulary, preTokenizer, merges(metadata, vocabulary.pieces()));
    }

    private static PairTable merges(Metadata metadata, PieceTable pieces) {
        String[] lines = metadata.strings(MERGES);
        PairTable merges = new PairTable(lines.length);
        for (int rank = 0; rank < lines.length; rank++) {
            if (!put(merges, pieces, lines[rank], rank)) {
                throw new ModelFileException(metadata.file(), MERGES + " has '" + lines[rank] + "' at " + rank
                        + ", expected two tokens that together are a token; convert the model again");
            }
        }
        return merges;
    }

    /** Adds a merge, unless its sides or what they join to are not in the vocabulary. */
    private static boolean put(PairTable merges, PieceTable pieces, String line, int rank) {
        int cut = line.indexOf(' ', 1);
        if (cut < 0) {
            return false;
        }
        byte[] left = ByteAlphabet.decode(line.substring(0, cut));
        byte[] right = ByteAlphabet.decode(line.substring(cut + 1));
        byte[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        int leftToken = pieces.find(left, 0, left.length);
        int rightToken = pieces.find(right, 0, right.length);
        int joined = pieces.find(both, 0, both.length);
        if (leftToken < 0 || rightToken < 0 || joined < 0) {
            return false;
        }
        merges.putIfAbsent(leftToken, rightToken, (long) rank << 32 | joined);
        return true;
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    @Override
    public boolean addsSpacePrefix() {
        return false;
    }

    @Override
    public int[] encode(String text, IntPredicate controlFrom) {
        TokenList tokens = new TokenList();
        PairMerger merger = new PairMerger();
        specialTokens.split(text, controlFrom, tokens, plain -> encodePlain(plain, merger, tokens));
        return tokens.toArray();
    }

    @Override
    public BitSet controlStarts(String text) {
        return specialTokens.markStarts(text);
    }

    private void encodePlain(String plain, PairMerger merger, TokenList tokens) {
        byte[] text = Utf8.encode(preTokenizer.composes() ? Normalizer.normalize(plain, Normalizer.Form.NFC) : plain);
        WordScanner scanner = preTokenizer.scanner();
        for (int at = 0, end; at < text.length; at = end) {
            end = scanner.end(text, at, text.length);
            encodeWord(text, at, end, merger, tokens);
        }
    }

    private void encodeWord(byte[] text, int from, int to, PairMerger merger, TokenList tokens) {
        int whole = preTokenizer.keepsWholeWords() ? vocabulary.pieces().find(text, from, to) : -1;
        if (whole >= 0 && vocabulary.spellsText(whole)) {
            tokens.add(whole);
            return;
        }
        merger.clear();
        for (int at = from; at < to; at++) {
            merger.add(byteTokens[text[at] & 0xFF], at, at + 1);
        }
        merger.merge(this::join);
        for (int i = 0; i < merger.size(); i++) {
            if (merger.symbol(i) >= 0) {
                tokens.add(merger.symbol(i));
            }
        }
    }

    private long join(int left, int right, int from, int to) {
        return left < 0 || right < 0 ? PairTable.ABSENT : merges.get(left, right);
    }
}
