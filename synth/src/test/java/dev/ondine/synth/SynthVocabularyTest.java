package dev.ondine.synth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.files.Metadata;
import dev.ondine.files.TypedValue;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SynthVocabularyTest {

    private static final int PEBBLE = 3072;

    private static Metadata ofSize(int size) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        SynthVocabulary.addTo(metadata, size);
        return Metadata.of("vocabulary", metadata);
    }

    @ParameterizedTest
    @ValueSource(ints = {259, 260, 288, 3071, 3073, 50_304, 262_144, 1_000_000})
    void everyTokenIsAByteAMergeOrAControl(int size) {
        Metadata vocabulary = ofSize(size);
        String[] tokens = vocabulary.strings("tokenizer.ggml.tokens");
        String[] merges = vocabulary.strings("tokenizer.ggml.merges");
        int[] types = vocabulary.integers("tokenizer.ggml.token_type");
        assertThat(tokens).hasSize(size).endsWith("<|endoftext|>", "<|im_start|>", "<|im_end|>");
        assertThat(merges).hasSize(size - 259);
        Map<String, Integer> ids = new HashMap<>();
        for (int token = 0; token < size; token++) {
            assertThat(ids.put(tokens[token], token)).as(tokens[token]).isNull();
            assertThat(types[token]).isEqualTo(token < size - 3 ? 1 : 3);
        }
        for (int rank = 0; rank < merges.length; rank++) {
            String[] parts = merges[rank].split(" ");
            assertThat(tokens[256 + rank]).isEqualTo(parts[0] + parts[1]);
            assertThat(ids.get(parts[0])).isLessThan(256 + rank);
            assertThat(ids.get(parts[1])).isLessThan(256 + rank);
        }
        assertThat(vocabulary.integer("tokenizer.ggml.eos_token_id")).isEqualTo(size - 1);
    }

    @Test
    void isTheEmbeddedModelsOwnAtItsSize() {
        Metadata own = ofSize(PEBBLE);
        assertThat(own.keys()).contains("tokenizer.chat_template");
        assertThat(own.strings("tokenizer.ggml.tokens")).hasSize(PEBBLE).contains("<tool_call>");
        TypedValue begin = own.typedValue("tokenizer.ggml.bos_token_id");
        assertThat(begin.value()).isEqualTo(2807L);
    }
}
