package dev.ondine.text;

import dev.ondine.files.GgufFile;
import dev.ondine.testkit.SharedFiles;
import java.util.List;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Tokenizers and token ids of the reference data. */
final class SharedTokenizers {

    private SharedTokenizers() {
    }

    static Tokenizer read(String path) {
        try (GgufFile file = GgufFile.open(SharedFiles.require(path))) {
            return Tokenizer.of(file.metadata());
        }
    }

    static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    static int[] ids(JsonNode array) {
        return list(array).stream().mapToInt(JsonNode::asInt).toArray();
    }
}
