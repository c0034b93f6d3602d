package dev.ondine.text;

import static dev.ondine.text.TinyVocabularies.tokenizer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.files.ModelFileException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VocabularyTest {

    private final Map<String, Object> metadata = TinyVocabularies.byteLevel("gpt-2");

    @Test
    void knowsTokensByTextBytesAndPart() {
        Tokenizer tokenizer = tokenizer(metadata);
        Vocabulary vocabulary = tokenizer.vocabulary();
        int the = tokenizer.encode(" the", false)[0];
        assertThat(vocabulary.text(the)).isEqualTo("Ġthe");
        assertThat(vocabulary.piece(the)).isEqualTo(" the");
        assertThat(vocabulary.type(the)).isEqualTo(TokenType.NORMAL);
        assertThat(vocabulary.special(SpecialToken.PADDING)).isEmpty();
        assertThat(vocabulary.text(vocabulary.special(SpecialToken.BEGIN).orElseThrow())).isEqualTo("<s>");
    }

    @Test
    void endsGenerationAtTheTokensOfTheFileAndAtWellKnownOnes() {
        String[] tokens = (String[]) metadata.get("tokenizer.ggml.tokens");
        int last = tokens.length - 1;
        tokens[last] = "<end_of_turn>";
        metadata.put("tokenizer.ggml.eos_token_id", last - 2);
        Vocabulary vocabulary = tokenizer(metadata).vocabulary();
        assertThat(IntStream.range(0, vocabulary.size()).filter(vocabulary::endsGeneration)).containsExactly(last - 2, last - 1, last);
        assertThat(vocabulary.type(last)).isEqualTo(TokenType.CONTROL);
    }

    @Test
    void aMarkHidesNoPieceOfText() {
        String[] tokens = (String[]) metadata.get("tokenizer.ggml.tokens");
        int defined = tokens.length - 1;
        tokens[defined] = " the";
        Vocabulary vocabulary = tokenizer(metadata).vocabulary();
        assertThat(vocabulary.text(vocabulary.pieces().find(Utf8.encode(" the"), 0, 4))).isEqualTo("Ġthe");
        assertThat(tokenizer(metadata).encode(" the", false)).containsExactly(defined);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            tokenizer.ggml.eos_token_id | 100000 | tokenizer.ggml.eos_token_id is 100000, expected one of
            tokenizer.ggml.bos_token_id | -2     | tokenizer.ggml.bos_token_id is -2, expected one of
            """)
    void refusesSpecialTokensOutOfRange(String key, int token, String message) {
        metadata.put(key, token);
        assertRefused(message);
    }

    @Test
    void readsMinusOneAsNoToken() {
        metadata.put("tokenizer.ggml.padding_token_id", -1);
        metadata.put("tokenizer.ggml.unknown_token_id", 0xFFFF_FFFFL);
        Vocabulary vocabulary = tokenizer(metadata).vocabulary();
        assertThat(vocabulary.special(SpecialToken.PADDING)).isEmpty();
        assertThat(vocabulary.special(SpecialToken.UNKNOWN)).isEmpty();
    }

    @Test
    void refusesSpecialTokensThatFillTheMemory() {
        String[] tokens = (String[]) metadata.get("tokenizer.ggml.tokens");
        tokens[tokens.length - 1] = "x".repeat(2_000_000);
        assertRefused("special tokens in tokenizer.ggml.tokens have 2000013 characters, expected at most 1048576");
    }

    @Test
    void refusesArraysThatDoNotFitTogether() {
        metadata.put("tokenizer.ggml.scores", new float[7]);
        assertRefused("tokenizer.ggml.scores has 7 entries, expected one for each of");
        metadata.remove("tokenizer.ggml.scores");
        metadata.put("tokenizer.ggml.token_type", new int[] {1});
        assertRefused("tokenizer.ggml.token_type has 1 entries");
    }

    @Test
    void refusesUnknownTypesAndMisspeltBytes() {
        int[] types = (int[]) metadata.get("tokenizer.ggml.token_type");
        types[5] = 6;
        assertRefused("byte token 5 is written");
        types[5] = 7;
        assertRefused("tokenizer.ggml.token_type of token 5 is 7, expected 1 to 6");
    }

    @Test
    void refusesMergesThatAreNoTokens() {
        String[] merges = (String[]) metadata.get("tokenizer.ggml.merges");
        for (String broken : new String[] {"Ġ", "", " ", "q z", "the ", " the", "missing too"}) {
            metadata.put("tokenizer.ggml.merges", merges.clone());
            ((String[]) metadata.get("tokenizer.ggml.merges"))[3] = broken;
            assertRefused("tokenizer.ggml.merges has '" + broken + "' at 3");
        }
        metadata.remove("tokenizer.ggml.merges");
        assertRefused("tokenizer.ggml.merges is missing");
    }

    @Test
    void refusesAVocabularyWithoutTokensOrWithoutTheTokensItAdds() {
        metadata.put("tokenizer.ggml.add_eos_token", true);
        metadata.remove("tokenizer.ggml.eos_token_id");
        assertRefused("tokenizer.ggml.add_eos_token is true but tokenizer.ggml.eos_token_id is missing");
        metadata.put("tokenizer.ggml.tokens", new String[0]);
        assertRefused("tokenizer.ggml.tokens is empty");
    }

    @Test
    void refusesOtherKindsOfTokenizer() {
        metadata.put("tokenizer.ggml.model", "t5");
        assertRefused("tokenizer.ggml.model is t5, expected gpt2 (byte-level BPE) or llama (SentencePiece BPE)");
    }

    @Test
    void takesAllTokensForTextWhereTheFileHasNoTypes() {
        metadata.remove("tokenizer.ggml.token_type");
        Vocabulary vocabulary = tokenizer(metadata).vocabulary();
        assertThat(Arrays.asList(vocabulary.type(0), vocabulary.type(vocabulary.size() - 1))).containsOnly(TokenType.NORMAL);
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> tokenizer(metadata)).isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith("tiny.gguf: ").hasMessageContaining(message);
    }
}
