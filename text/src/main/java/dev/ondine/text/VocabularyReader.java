package dev.ondine.text;

import dev.ondine.files.Metadata;
import dev.ondine.files.ModelFileException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads a vocabulary from {@code tokenizer.ggml.*} and checks that its parts fit together.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">GGUF specification</a>
 */
final class VocabularyReader {

    static final String TOKENS = "tokenizer.ggml.tokens";
    private static final String SCORES = "tokenizer.ggml.scores";
    private static final String TYPES = "tokenizer.ggml.token_type";
    private static final String ADD_BEGIN = "tokenizer.ggml.add_bos_token";
    private static final String ADD_END = "tokenizer.ggml.add_eos_token";

    private static final Pattern BYTE_NAME = Pattern.compile("<0x[0-9A-Fa-f]{2}>");

    /** How converters write "no such token", as a signed and as an unsigned number. */
    private static final Set<Long> NO_TOKEN = Set.of(-1L, 0xFFFF_FFFFL);

    /** Characters of all special tokens together, for which a search tree is built; the largest vocabularies have 100,000. */
    private static final long MOST_SPECIAL_CHARACTERS = 1 << 20;

    /** Tokens that end an answer under these names even where the file does not say so. */
    private static final Set<String> KNOWN_ENDS = Set.of("<|eot_id|>", "<|eom_id|>", "<|im_end|>", "<|end|>",
            "<end_of_turn>", "<|endoftext|>", "<|end_of_text|>", "<EOT>", "_<EOT>", "<end_of_utterance>",
            "<｜end▁of▁sentence｜>", "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>");

    private static final Set<SpecialToken> END_PARTS = Set.of(SpecialToken.END, SpecialToken.END_OF_TURN,
            SpecialToken.END_OF_MESSAGE, SpecialToken.FILL_PADDING, SpecialToken.FILL_REPOSITORY, SpecialToken.FILL_FILE);

    /**
     * What a family of vocabularies takes for granted.
     *
     * @param spelling  the bytes of a token of text
     * @param addsBegin whether a text starts with the begin token where the file does not say
     * @param specials  special tokens where the file names none
     */
    record Family(Function<String, byte[]> spelling, boolean addsBegin, Map<SpecialToken, Integer> specials) {
    }

    private final Metadata metadata;
    private final Family family;
    private final String[] texts;
    private final TokenType[] types;
    private final BitSet ends = new BitSet();

    private VocabularyReader(Metadata metadata, Family family) {
        this.metadata = metadata;
        this.family = family;
        this.texts = metadata.strings(TOKENS);
        if (texts.length == 0) {
            throw refusal(TOKENS + " is empty");
        }
        this.types = types();
    }

    static Vocabulary read(Metadata metadata, Family family) {
        return new VocabularyReader(metadata, family).read();
    }

    private Vocabulary read() {
        Map<SpecialToken, Integer> specials = specials();
        specials.forEach((part, token) -> ends.set(token, ends.get(token) || END_PARTS.contains(part)));
        for (int token = 0; token < texts.length; token++) {
            if (KNOWN_ENDS.contains(texts[token])) {
                ends.set(token);
                types[token] = TokenType.CONTROL;
            }
        }
        checkSpecialCharacters();
        return new Vocabulary(texts, types, scores(), bytes(), specials, ends,
                adds(ADD_BEGIN, family.addsBegin, SpecialToken.BEGIN, specials),
                adds(ADD_END, false, SpecialToken.END, specials));
    }

    private TokenType[] types() {
        TokenType[] read = new TokenType[texts.length];
        Arrays.fill(read, TokenType.NORMAL);
        if (metadata.has(TYPES)) {
            int[] numbers = metadata.integers(TYPES);
            checkSize(TYPES, numbers.length);
            Arrays.setAll(read, token -> type(token, numbers[token]));
        }
        return read;
    }

    private TokenType type(int token, int number) {
        TokenType[] known = TokenType.values();
        if (number < 0 || number > known.length) {
            throw refusal(TYPES + " of token " + token + " is " + number + ", expected 1 to " + known.length);
        }
        return number == 0 ? TokenType.NORMAL : known[number - 1];
    }

    private float[] scores() {
        if (!metadata.has(SCORES)) {
            return new float[texts.length];
        }
        float[] scores = metadata.numbers(SCORES);
        checkSize(SCORES, scores.length);
        return scores;
    }

    private void checkSize(String key, int size) {
        if (size != texts.length) {
            throw refusal(key + " has " + size + " entries, expected one for each of " + texts.length + " tokens");
        }
    }

    private void checkSpecialCharacters() {
        long characters = 0;
        for (int token = 0; token < texts.length; token++) {
            characters += types[token] == TokenType.NORMAL || types[token] == TokenType.UNUSED ? 0 : texts[token].length();
        }
        if (characters > MOST_SPECIAL_CHARACTERS) {
            throw refusal("special tokens in " + TOKENS + " have " + characters + " characters, expected at most "
                    + MOST_SPECIAL_CHARACTERS);
        }
    }

    private byte[][] bytes() {
        byte[][] bytes = new byte[texts.length][];
        Arrays.setAll(bytes, this::bytes);
        return bytes;
    }

    private byte[] bytes(int token) {
        return switch (types[token]) {
            case NORMAL, UNUSED -> family.spelling.apply(texts[token]);
            case BYTE -> new byte[] {namedByte(token)};
            case CONTROL, UNKNOWN, USER_DEFINED -> Utf8.encode(texts[token]);
        };
    }

    private byte namedByte(int token) {
        String text = texts[token];
        if (!BYTE_NAME.matcher(text).matches()) {
            throw refusal("byte token " + token + " is written '" + text + "', expected <0x00> to <0xFF>");
        }
        return (byte) Integer.parseInt(text, 3, 5, 16);
    }

    private Map<SpecialToken, Integer> specials() {
        Map<SpecialToken, Integer> specials = new EnumMap<>(SpecialToken.class);
        for (SpecialToken part : SpecialToken.values()) {
            int usual = family.specials.getOrDefault(part, -1);
            long token = metadata.longInteger(part.key(), usual < texts.length ? usual : -1);
            if (!NO_TOKEN.contains(token)) {
                if (token < 0 || token >= texts.length) {
                    throw refusal(part.key() + " is " + token + ", expected one of " + texts.length + " tokens");
                }
                specials.put(part, (int) token);
            }
        }
        return specials;
    }

    private boolean adds(String key, boolean usual, SpecialToken part, Map<SpecialToken, Integer> specials) {
        if (metadata.flag(key, false) && !specials.containsKey(part)) {
            throw refusal(key + " is true but " + part.key() + " is missing");
        }
        return metadata.flag(key, usual) && specials.containsKey(part);
    }

    private ModelFileException refusal(String problem) {
        return new ModelFileException(metadata.file(), problem + "; convert the model again");
    }
}
