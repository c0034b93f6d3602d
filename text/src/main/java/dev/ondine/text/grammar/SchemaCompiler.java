package dev.ondine.text.grammar;

import dev.ondine.text.grammar.NetworkBuilder.Rule;
import java.util.Map;

/** Turns a JSON schema into rules. */
final class SchemaCompiler {

    private final JsonRules json;

    SchemaCompiler(JsonRules json, Map<String, ?> schema) {
        this.json = json;
    }

    Rule rule() {
        return json.value();
    }
}
