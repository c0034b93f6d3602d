package dev.ondine.text.grammar;

import dev.ondine.files.GgufFile;
import dev.ondine.files.Metadata;
import dev.ondine.pebble.Pebble;
import dev.ondine.testkit.SharedFiles;
import dev.ondine.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Vocabularies for tests of grammars. */
public final class TestVocabularies {

    /** Pieces that cross the borders of what grammars tell apart. */
    private static final List<String> PIECES = List.of("{\"", "\":", "\": ", "\", \"", "\"}", "}}", "[[", "]]", "],", "null", "true", "fal",
            "se", "12", "00", "1.", "e+", "\\u", "\\n", "\\\"", "abc", "name", "\n  ", "\n    ", "  ",
            "<tool", "_call>", "{\"name\"", ">{", "-1", "é", "日本", "a\",", "0,", "9]", "tool_call>");
    private static final List<String> MARKS = List.of("<|im_start|>", "<tool_call>", "</tool_call>", "[TOOL_CALLS]", "[ARGS]",
            "<|python_tag|>", "<|tool_call|>", "<|/tool_call|>", "<｜tool▁calls▁begin｜>", "<｜tool▁call▁begin｜>",
            "<｜tool▁sep｜>", "<｜tool▁call▁end｜>", "<｜tool▁calls▁end｜>");

    private TestVocabularies() {
    }

    /** All bytes as tokens of their own, some longer pieces, and control tokens. */
    public static Tokenizer bytes() {
        List<String> tokens = new ArrayList<>();
        List<Integer> types = new ArrayList<>();
        for (int value = 0; value < 256; value++) {
            tokens.add("<0x%02X>".formatted(value));
            types.add(6);
        }
        MARKS.forEach(mark -> {
            tokens.add(mark);
            types.add(3);
        });
        PIECES.forEach(piece -> {
            tokens.add(piece.replace(' ', '▁'));
            types.add(1);
        });
        return tokenizer(tokens, types);
    }

    /** These pieces alone, so that most texts cannot be written. */
    public static Tokenizer pieces(String... pieces) {
        return tokenizer(List.of(pieces), Collections.nCopies(pieces.length, 1));
    }

    private static Tokenizer tokenizer(List<String> tokens, List<Integer> types) {
        List<String> all = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        List<Integer> allTypes = new ArrayList<>(List.of(2, 3, 3));
        all.addAll(tokens);
        allTypes.addAll(types);
        return Tokenizer.of(Metadata.of("small.gguf", Map.of("tokenizer.ggml.model", "llama",
                "tokenizer.ggml.tokens", all.toArray(String[]::new), "tokenizer.ggml.scores", new float[all.size()],
                "tokenizer.ggml.token_type", allTypes.stream().mapToInt(Integer::intValue).toArray(),
                "tokenizer.ggml.add_space_prefix", false)));
    }

    /** The embedded model's. */
    public static Tokenizer pebble() {
        try (InputStream bytes = Pebble.open(); GgufFile file = GgufFile.read(Pebble.NAME, bytes, Pebble.BYTES)) {
            return Tokenizer.of(file.metadata());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One of the reference data; skips the test where it is absent. */
    public static Tokenizer shared(String name) {
        try (GgufFile file = GgufFile.open(SharedFiles.require("fixtures/tokenizers/ggml-vocab-" + name + ".gguf"))) {
            return Tokenizer.of(file.metadata());
        }
    }
}
