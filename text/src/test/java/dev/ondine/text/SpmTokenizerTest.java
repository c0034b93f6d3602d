package dev.ondine.text;

import static dev.ondine.text.TinyVocabularies.tokenizer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpmTokenizerTest {

    @Test
    void encodesLikeMergingStringsOneByOne() {
        compareWithStrings(TinyVocabularies.sentencePiece());
    }

    @Test
    void encodesLikeMergingStringsWhereNoPieceCrossesWords() {
        Map<String, Object> metadata = TinyVocabularies.sentencePiece();
        String[] pieces = (String[]) metadata.get("tokenizer.ggml.tokens");
        Arrays.setAll(pieces, i -> pieces[i].matches(".*[^▁]▁.*") ? "<gone>" + i : pieces[i]);
        compareWithStrings(metadata);
    }

    private static void compareWithStrings(Map<String, Object> metadata) {
        Tokenizer tokenizer = tokenizer(metadata);
        RandomTexts texts = new RandomTexts(7);
        for (int i = 0; i < 600; i++) {
            String text = texts.next(40);
            assertThat(tokenizer.encode(text, false)).as(text).isEqualTo(slowly(metadata, text));
        }
    }

    private static int[] slowly(Map<String, Object> metadata, String text) {
        List<String> pieces = new ArrayList<>(List.of((String[]) metadata.get("tokenizer.ggml.tokens")));
        pieces.replaceAll(piece -> piece.matches("<.*>\\d*") ? "" : piece);
        float[] scores = (float[]) metadata.get("tokenizer.ggml.scores");
        String spaced = text.isEmpty() ? "" : "▁" + text.replace(' ', '▁');
        List<String> symbols = new ArrayList<>(spaced.codePoints().mapToObj(Character::toString).toList());
        while (mergeOnce(symbols, pieces, scores)) {
        }
        List<Integer> ids = new ArrayList<>();
        for (String symbol : symbols) {
            if (pieces.contains(symbol)) {
                ids.add(pieces.indexOf(symbol));
            } else {
                for (byte value : Utf8.encode(symbol)) {
                    ids.add(3 + (value & 0xFF));
                }
            }
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    private static boolean mergeOnce(List<String> symbols, List<String> pieces, float[] scores) {
        int best = -1;
        float bestScore = Float.NEGATIVE_INFINITY;
        for (int i = 0; i + 1 < symbols.size(); i++) {
            int piece = pieces.indexOf(symbols.get(i) + symbols.get(i + 1));
            if (piece >= 0 && scores[piece] > bestScore) {
                bestScore = scores[piece];
                best = i;
            }
        }
        if (best >= 0) {
            symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
        }
        return best >= 0;
    }

    @Test
    void decodingGivesTheTextBack() {
        Tokenizer tokenizer = tokenizer(TinyVocabularies.sentencePiece());
        RandomTexts texts = new RandomTexts(9);
        for (int i = 0; i < 2000; i++) {
            String text = texts.next(30).replace('▁', ' ');
            assertThat(tokenizer.decode(tokenizer.encodePrompt(text, false))).isEqualTo(text);
        }
    }

    @Test
    void spacePrefixesAfterMarksComeOffAgain() {
        Tokenizer tokenizer = tokenizer(TinyVocabularies.sentencePiece());
        int[] tokens = tokenizer.encode(" the <s>the</s>  fox", true);
        assertThat(tokens).contains(1, 2);
        assertThat(tokenizer.decode(tokens)).isEqualTo(" the the  fox");
    }

    @Test
    void putsNoSpaceWhereTheFileSaysSo() {
        Map<String, Object> metadata = TinyVocabularies.sentencePiece();
        metadata.put("tokenizer.ggml.add_space_prefix", false);
        Tokenizer tokenizer = tokenizer(metadata);
        assertThat(tokenizer.encode("q", false)).hasSize(1);
        assertThat(tokenizer.decode(tokenizer.encode(" q", false))).isEqualTo(" q");
    }

    @Test
    void startsWithTheBeginTokenUnlessTheFileSaysOtherwise() {
        Map<String, Object> metadata = TinyVocabularies.sentencePiece();
        assertThat(tokenizer(metadata).encodePrompt("", false)).containsExactly(1);
        metadata.put("tokenizer.ggml.add_bos_token", false);
        assertThat(tokenizer(metadata).encodePrompt("", false)).isEmpty();
    }

    @Test
    void writesUnknownWhereTheVocabularyHasNoBytes() {
        Tokenizer tokenizer = tokenizer(Map.of("tokenizer.ggml.model", "llama", "tokenizer.ggml.tokens", new String[] {"<unk>", "a", "b"},
                "tokenizer.ggml.add_space_prefix", false, "tokenizer.ggml.token_type", new int[] {2, 1, 1}));
        assertThat(tokenizer.encode("a你b", false)).containsExactly(1, 0, 2);
    }

    @Test
    void oneWordOfAMegabyteTakesNoQuadraticTime() {
        Tokenizer tokenizer = tokenizer(TinyVocabularies.sentencePiece());
        String text = "brown".repeat(200_000);
        int[] tokens = assertTimeout(Duration.ofSeconds(10), () -> tokenizer.encode(text, true));
        assertThat(tokenizer.decode(tokens)).isEqualTo(text);
    }
}
