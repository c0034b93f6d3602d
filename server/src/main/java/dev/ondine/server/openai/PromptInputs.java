package dev.ondine.server.openai;

import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.json.FieldValue;
import java.util.List;
import java.util.function.Function;

/** Texts or tokens, one or several: {@code "a"}, {@code ["a", "b"]}, {@code [1, 2]}, {@code [[1, 2], [3]]}. */
final class PromptInputs {

    private PromptInputs() {
    }

    /** The tokens of each. @param most of them */
    static List<int[]> of(FieldValue value, int most, int vocabSize, Function<String, int[]> encoder) {
        if (value.isText()) {
            return List.of(encoder.apply(value.text()));
        }
        if (!value.isList()) {
            throw value.wrong("a string, a list of strings, or tokens");
        }
        List<FieldValue> items = value.list();
        if (!items.isEmpty() && items.getFirst().isWhole()) {
            return List.of(tokens(items, vocabSize));
        }
        if (items.isEmpty() || items.size() > most) {
            throw ApiFailure.parameter(value.path(), value.path() + " has " + items.size() + " items, expected 1 to " + most);
        }
        return items.stream().map(item -> item.isText() ? encoder.apply(item.text()) : tokens(item.list(), vocabSize)).toList();
    }

    private static int[] tokens(List<FieldValue> items, int vocabSize) {
        return items.stream().mapToInt(item -> (int) item.whole(0, vocabSize - 1L)).toArray();
    }
}
