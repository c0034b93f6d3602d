package dev.ondine.text;

import static dev.ondine.text.TinyVocabularies.tokenizer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.ondine.files.Metadata;
import java.text.Normalizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BpeTokenizerTest {

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "llama-bpe", "dbrx", "qwen2", "starcoder", "deepseek-coder"})
    void encodesLikeMergingStringsOneByOne(String pre) {
        Map<String, Object> metadata = TinyVocabularies.byteLevel(pre);
        Tokenizer tokenizer = tokenizer(metadata);
        RandomTexts texts = new RandomTexts(3);
        for (int i = 0; i < 600; i++) {
            String text = texts.next(30).replace("<s>", "").replace("<|im_end|>", "");
            assertThat(tokenizer.encode(text, true)).as(text).isEqualTo(slowly(metadata, text));
        }
    }

    private static int[] slowly(Map<String, Object> metadata, String text) {
        PreTokenizer preTokenizer = PreTokenizer.of(Metadata.of("tiny.gguf", metadata));
        List<String> merges = List.of((String[]) metadata.get("tokenizer.ggml.merges"));
        List<String> tokens = List.of((String[]) metadata.get("tokenizer.ggml.tokens"));
        String composed = preTokenizer == PreTokenizer.QWEN_2 ? Normalizer.normalize(text, Normalizer.Form.NFC) : text;
        List<Integer> ids = new ArrayList<>();
        for (String word : PreTokenizerTest.splitByRegex(preTokenizer, composed)) {
            List<String> symbols = TinyVocabularies.spelled(word);
            String whole = String.join("", symbols);
            if (preTokenizer == PreTokenizer.LLAMA_3 && tokens.contains(whole)) {
                symbols = List.of(whole);
            }
            while (mergeOnce(symbols, merges)) {
            }
            symbols.forEach(symbol -> ids.add(tokens.indexOf(symbol)));
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    private static boolean mergeOnce(List<String> symbols, List<String> merges) {
        int best = -1;
        int bestRank = Integer.MAX_VALUE;
        for (int i = 0; i + 1 < symbols.size(); i++) {
            int rank = merges.indexOf(symbols.get(i) + " " + symbols.get(i + 1));
            if (rank >= 0 && rank < bestRank) {
                bestRank = rank;
                best = i;
            }
        }
        if (best >= 0) {
            symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
        }
        return best >= 0;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "llama-bpe", "starcoder", "deepseek-coder"})
    void decodingGivesTheTextBack(String pre) {
        Tokenizer tokenizer = tokenizer(TinyVocabularies.byteLevel(pre));
        RandomTexts texts = new RandomTexts(5);
        for (int i = 0; i < 2000; i++) {
            String text = texts.nextWithSurrogates(30);
            assertThat(tokenizer.decode(tokenizer.encode(text, false))).isEqualTo(mended(text));
        }
    }

    private static String mended(String text) {
        StringBuilder mended = new StringBuilder();
        text.codePoints().map(each -> each >= 0xD800 && each < 0xE000 ? 0xFFFD : each).forEach(mended::appendCodePoint);
        return mended.toString();
    }

    @Test
    void findsControlTokensOnlyWhereAllowed() {
        Tokenizer tokenizer = tokenizer(TinyVocabularies.byteLevel("gpt-2"));
        int end = tokenizer.vocabulary().special(SpecialToken.END).orElseThrow();
        int defined = end + 1;
        assertThat(tokenizer.encode("a<|im_end|><tool>", true)).containsExactly('a' - '!' + 33, end, defined);
        assertThat(tokenizer.encode("a<|im_end|><tool>", false)).doesNotContain(end).endsWith(defined);
        assertThat(tokenizer.decode(tokenizer.encode("a<|im_end|><tool>", false))).isEqualTo("a<|im_end|><tool>");
        assertThat(tokenizer.decode(tokenizer.encode("a<|im_end|><tool>", true))).isEqualTo("a<tool>");
    }

    @Test
    void takesTheLongestOfSpecialTokensThatStartAlike() {
        Map<String, Object> metadata = TinyVocabularies.byteLevel("gpt-2");
        String[] tokens = (String[]) metadata.get("tokenizer.ggml.tokens");
        int last = tokens.length - 1;
        tokens[last - 1] = "<tool>s";
        tokens[last - 2] = "<t";
        Tokenizer tokenizer = tokenizer(metadata);
        assertThat(tokenizer.encode("<tool>s<tool><t<to", true)).startsWith(last - 1, last, last - 2, last - 2);
    }

    @Test
    void promptsStartAsTheFileSays() {
        Map<String, Object> metadata = TinyVocabularies.byteLevel("gpt-2");
        int begin = (int) metadata.get("tokenizer.ggml.bos_token_id");
        assertThat(tokenizer(metadata).encodePrompt("a", false)).hasSize(1);
        assertThat(tokenizer(TinyVocabularies.byteLevel("llama-bpe")).encodePrompt("a", false)).hasSize(2).startsWith(begin);
        metadata.put("tokenizer.ggml.add_bos_token", true);
        metadata.put("tokenizer.ggml.add_eos_token", true);
        assertThat(tokenizer(metadata).encodePrompt("a", false)).hasSize(2).startsWith(begin);
        assertThat(tokenizer(metadata).vocabulary().addsEnd()).isTrue();
    }

    @Test
    void oneWordOfAMegabyteTakesNoQuadraticTime() {
        Tokenizer tokenizer = tokenizer(TinyVocabularies.byteLevel("gpt-2"));
        String text = "the".repeat(350_000);
        int[] tokens = assertTimeout(Duration.ofSeconds(10), () -> tokenizer.encode(text, true));
        assertThat(tokenizer.decode(tokens)).isEqualTo(text);
    }
}
