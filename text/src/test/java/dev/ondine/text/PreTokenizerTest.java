package dev.ondine.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.regex.Pattern.UNICODE_CHARACTER_CLASS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.ondine.files.Metadata;
import dev.ondine.files.ModelFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreTokenizerTest {

    private static final String GPT_2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
    private static final String LLAMA_3 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    /** The regular expressions as their authors publish them, each applied to the pieces that the one before leaves. */
    static List<Pattern> published(PreTokenizer preTokenizer) {
        return (switch (preTokenizer) {
            case GPT_2 -> List.of(GPT_2);
            case STARCODER -> List.of("\\p{N}", GPT_2);
            case LLAMA_3, DBRX -> List.of(LLAMA_3);
            case QWEN_2 -> List.of(LLAMA_3.replace("{1,3}", ""));
            case DEEPSEEK_CODER -> List.of("[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", "[一-龥ࠀ-一가-퟿]+", "\\p{N}");
        }).stream().map(regex -> Pattern.compile(regex, UNICODE_CHARACTER_CLASS)).toList();
    }

    static List<String> splitByRegex(PreTokenizer preTokenizer, String text) {
        List<String> pieces = List.of(text);
        for (Pattern pattern : published(preTokenizer)) {
            pieces = pieces.stream().flatMap(piece -> split(pattern, piece).stream()).toList();
        }
        return pieces;
    }

    private static List<String> split(Pattern pattern, String piece) {
        List<String> parts = new ArrayList<>();
        int done = 0;
        for (Matcher matcher = pattern.matcher(piece); matcher.find(); done = matcher.end()) {
            parts.add(piece.substring(done, matcher.start()));
            parts.add(matcher.group());
        }
        parts.add(piece.substring(done));
        parts.removeIf(String::isEmpty);
        return parts;
    }

    private static List<String> splitByScanner(PreTokenizer preTokenizer, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        List<String> words = new ArrayList<>();
        for (int at = 0, end; at < bytes.length; at = end) {
            end = preTokenizer.scanner().end(bytes, at, bytes.length);
            words.add(new String(bytes, at, end - at, UTF_8));
        }
        return words;
    }

    @ParameterizedTest
    @EnumSource
    void scannersCutLikeThePublishedRegularExpressions(PreTokenizer preTokenizer) {
        RandomTexts texts = new RandomTexts(preTokenizer.ordinal());
        for (int i = 0; i < 15_000; i++) {
            String text = texts.next(12);
            assertThat(splitByScanner(preTokenizer, text)).as(text).isEqualTo(splitByRegex(preTokenizer, text));
        }
    }

    @Test
    void kindsOfCharactersAreThoseOfRegularExpressions() {
        Map<Integer, Predicate<String>> kinds = Map.of(CharKind.LETTER, matcher("\\p{L}"), CharKind.NUMBER, matcher("\\p{N}"),
                CharKind.SPACE, matcher("\\s"), CharKind.PUNCTUATION, matcher("\\p{P}"));
        for (int codePoint = 0; codePoint < 0x20000; codePoint++) {
            String character = Character.toString(codePoint);
            int kind = kinds.entrySet().stream().filter(each -> each.getValue().test(character)).mapToInt(Map.Entry::getKey).sum();
            assertThat(CharKind.of(codePoint)).as(Integer.toHexString(codePoint)).isEqualTo(kind);
        }
    }

    private static Predicate<String> matcher(String regex) {
        Matcher matcher = Pattern.compile(regex, UNICODE_CHARACTER_CLASS).matcher("");
        return text -> matcher.reset(text).matches();
    }

    @ParameterizedTest
    @EnumSource
    void longRunsTakeLinearTimeAndNoStack(PreTokenizer preTokenizer) {
        for (String scrap : List.of("a", " ", "\n", " \n", "7", "!", "\u0301", "─", "你", " 你", "'", "a ", "1 ")) {
            String text = "x" + scrap.repeat(300_000);
            List<String> words = assertTimeout(Duration.ofSeconds(5), () -> splitByScanner(preTokenizer, text));
            assertThat(String.join("", words)).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "default", "llama-bpe", "llama3", "llama-v3", "falcon3", "qwen2", "deepseek-r1-qwen", "starcoder",
            "refact", "command-r", "deepseek-coder", "smollm"})
    void knowsTheNamesInFiles(String name) {
        assertThat(PreTokenizer.of(Metadata.of("m.gguf", Map.of("tokenizer.ggml.pre", name)))).isNotNull();
    }

    @Test
    void namesTheUnknownAndTheKnown() {
        assertThatThrownBy(() -> PreTokenizer.of(Metadata.of("m.gguf", Map.of("tokenizer.ggml.pre", "martian"))))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContainingAll("m.gguf: tokenizer.ggml.pre is martian", "gpt-2", "llama-bpe", "qwen2", "deepseek-coder", "smollm");
    }

    @Test
    void takesGpt2WhereTheFileNamesNone() {
        assertThat(PreTokenizer.of(Metadata.of("m.gguf", Map.of()))).isEqualTo(PreTokenizer.GPT_2);
    }
}
