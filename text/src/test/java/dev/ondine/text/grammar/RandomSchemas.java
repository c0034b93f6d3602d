package dev.ondine.text.grammar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Schemas of what is supported, combined at random. Names are short and hard: alike, with quotes, not ASCII. */
final class RandomSchemas {

    private static final List<String> KEYS = List.of("a", "ab", "b", "name", "na", "with \"quote\"", "日本", "x/y~z", "");
    private static final List<String> PATTERNS = List.of("^[a-c]{2,4}$", "b+", "^(foo|bar)?$", "^\\d{3}-\\w$", "[^a-z]$", "^.{3}", "^x|y$",
            "\"\\\\", "^[\\u0000-\\u001f]$", "[é-ö]{2}");
    private static final List<String> FORMATS = List.of("date", "time", "date-time", "uuid", "ipv4", "ipv6", "uri", "hostname", "duration");

    private final Random random;

    RandomSchemas(long seed) {
        random = new Random(seed);
    }

    Map<String, Object> next() {
        Map<String, Object> schema = schema(3);
        Map<String, Object> definitions = new LinkedHashMap<>();
        definitions.put("leaf", schema(0));
        Map<String, Object> fields = Map.of("next", Map.of("$ref", "#/$defs/node"), "x", Map.of("$ref", "#/$defs/leaf"));
        definitions.put("node", Map.of("type", "object", "properties", fields, "additionalProperties", false));
        schema.put("$defs", definitions);
        return schema;
    }

    @SafeVarargs
    private <T> T any(Supplier<T>... choices) {
        return choices[random.nextInt(choices.length)].get();
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private Map<String, Object> schema(int depth) {
        if (depth == 0) {
            return any(this::string, this::integer, this::number, () -> type("boolean"), () -> type("null"), this::values, this::string);
        }
        return any(() -> object(depth), () -> object(depth), () -> array(depth), () -> either(depth), () -> joined(depth), this::types,
                this::reference, () -> schema(0), this::tuple);
    }

    private static Map<String, Object> type(String type) {
        return map("type", type);
    }

    private static Map<String, Object> map(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int at = 0; at < pairs.length; at += 2) {
            map.put((String) pairs[at], pairs[at + 1]);
        }
        return map;
    }

    private Map<String, Object> string() {
        Map<String, Object> schema = type("string");
        switch (random.nextInt(4)) {
            case 0 -> {
                int min = random.nextInt(5);
                schema.put("minLength", min);
                schema.put("maxLength", min + random.nextInt(5));
            }
            case 1 -> schema.put("pattern", any(PATTERNS));
            case 2 -> schema.put("format", any(FORMATS));
            default -> schema.put("description", "any text");
        }
        return schema;
    }

    private Map<String, Object> integer() {
        Map<String, Object> schema = type("integer");
        long low = random.nextLong(-2_000, 2_000);
        if (random.nextBoolean()) {
            schema.put(any(List.of("minimum", "exclusiveMinimum")), low);
        }
        if (random.nextBoolean()) {
            schema.put(any(List.of("maximum", "exclusiveMaximum")), low + 2 + random.nextInt(3_000));
        }
        return schema;
    }

    private Map<String, Object> number() {
        Map<String, Object> schema = type("number");
        double low = random.nextInt(-5_000, 5_000) / 100.0;
        if (random.nextBoolean()) {
            schema.put(any(List.of("minimum", "exclusiveMinimum")), low);
        }
        if (random.nextBoolean()) {
            schema.put(any(List.of("maximum", "exclusiveMaximum")), low + 0.01 + random.nextInt(200_000) / 1000.0);
        }
        return schema;
    }

    private Map<String, Object> values() {
        return any(() -> map("enum", List.of("red", "green", "with \"quote\"", 1, 2.5, true)), () -> map("const", "日\n本"),
                () -> map("const", map("a", List.of(1, "x"), "b", map())), () -> map("enum", List.of("a", "b", 3), "type", "string"));
    }

    private Map<String, Object> object(int depth) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (int count = random.nextInt(5); count > 0; count--) {
            properties.put(any(KEYS), schema(depth - 1));
        }
        List<String> required = new ArrayList<>(properties.keySet());
        required.removeIf(_ -> random.nextBoolean());
        Map<String, Object> schema = map("type", "object", "properties", properties, "required", required);
        switch (random.nextInt(4)) {
            case 0 -> schema.put("additionalProperties", false);
            case 1 -> schema.put("additionalProperties", true);
            case 2 -> schema.put("additionalProperties", schema(0));
            default -> { }
        }
        return schema;
    }

    private Map<String, Object> array(int depth) {
        Map<String, Object> schema = map("type", "array", "items", schema(depth - 1));
        int min = random.nextInt(3);
        if (random.nextBoolean()) {
            schema.put("minItems", min);
        }
        if (random.nextBoolean()) {
            schema.put("maxItems", min + random.nextInt(3));
        }
        return schema;
    }

    private Map<String, Object> tuple() {
        return map("type", "array", "prefixItems", List.of(schema(0), schema(1)), "items", any(() -> (Object) false, () -> schema(0)),
                "minItems", random.nextInt(3));
    }

    private Map<String, Object> either(int depth) {
        return any(() -> map("anyOf", List.of(schema(depth - 1), schema(depth - 1), type("null"))),
                () -> map("oneOf", List.of(string(), integer(), kind("a", integer()), kind("b", schema(depth - 1)))));
    }

    private static Map<String, Object> kind(String name, Map<String, Object> more) {
        return map("type", "object", "properties", map("kind", map("const", name), "c", more), "required", List.of("kind"));
    }

    private Map<String, Object> joined(int depth) {
        return map("allOf", List.of(object(depth), map("properties", map("z", schema(0)), "required", List.of("z")),
                map("type", List.of("object", "null"))));
    }

    private Map<String, Object> types() {
        return map("type", List.of("string", "integer", "null"), "maxLength", 3);
    }

    private Map<String, Object> reference() {
        return map("$ref", any(List.of("#/$defs/leaf", "#/$defs/node")), "description", "elsewhere");
    }
}
