package dev.ondine.synth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.ondine.files.Metadata;
import dev.ondine.files.TypedValue;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
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
    @ValueSource(ints = {259, 260, 288, 3071, 3073, 50_304, 262_144, 300_000})
    void everyTokenIsAByteAMergeOrAControl(int size) {
        Metadata vocabulary = ofSize(size);
        String[] tokens = vocabulary.strings("tokenizer.ggml.tokens");
        String[] merges = vocabulary.strings("tokenizer.ggml.merges");
        int[] types = vocabulary.integers("tokenizer.ggml.token_type");
        assertThat(tokens).hasSize(size).endsWith("<|endoftext|>", "<|im_start|>", "<|im_end|>");
        assertThat(merges).hasSize(size - 259);
        Set<String> before = new HashSet<>(List.of(tokens).subList(0, 256));
        for (int rank = 0; rank < merges.length; rank++) {
            String[] parts = merges[rank].split(" ");
            boolean joins = tokens[256 + rank].equals(parts[0] + parts[1]) && before.contains(parts[0]) && before.contains(parts[1]);
            if (!joins || !before.add(tokens[256 + rank])) {
                fail("token %d is \"%s\", merge %d is \"%s\"", 256 + rank, tokens[256 + rank], rank, merges[rank]);
            }
        }
        assertThat(before).hasSize(size - 3);
        assertThat(IntStream.range(0, size).filter(token -> types[token] != 1)).containsExactly(size - 3, size - 2, size - 1);
        assertThat(types).endsWith(3, 3, 3);
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
