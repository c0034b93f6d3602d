package dev.ondine.text.grammar;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the keywords of one schema that speak of its own values; references and combinations are left to {@link Shapes}. */
final class KeywordReader {

    private static final Set<String> NOT_RESTRICTING = Set.of("title", "description", "default", "examples", "example", "deprecated",
            "readOnly", "writeOnly", "$comment", "$schema", "$defs", "definitions", "contentEncoding", "contentMediaType",
            "contentSchema", "nullable", "discriminator", "externalDocs", "xml");
    private static final Set<String> COMBINING = Set.of("type", "enum", "const", "$ref", "allOf", "anyOf", "oneOf");
    private static final Map<String, String> TYPE_OF_KEYWORD = Map.ofEntries(
            Map.entry("properties", "object"), Map.entry("required", "object"), Map.entry("additionalProperties", "object"),
            Map.entry("items", "array"), Map.entry("prefixItems", "array"), Map.entry("additionalItems", "array"),
            Map.entry("minItems", "array"), Map.entry("maxItems", "array"),
            Map.entry("minLength", "string"), Map.entry("maxLength", "string"), Map.entry("pattern", "string"),
            Map.entry("format", "string"),
            Map.entry("minimum", "number"), Map.entry("maximum", "number"), Map.entry("exclusiveMinimum", "number"),
            Map.entry("exclusiveMaximum", "number"), Map.entry("multipleOf", "number"));
    /** Keywords that are not supported, with the value that makes them say nothing. */
    private static final Map<String, Object> WITHOUT_EFFECT = Map.of("uniqueItems", false, "minProperties", BigDecimal.ZERO,
            "patternProperties", Map.of(), "dependentRequired", Map.of(), "dependentSchemas", Map.of(), "dependencies", Map.of(),
            "unevaluatedProperties", true, "unevaluatedItems", true, "propertyNames", true, "not", false);
    private static final Set<String> TYPES = Set.of("null", "boolean", "object", "array", "number", "integer", "string");
    private static final Map<String, Shape.Numbers> NUMBER_FORMATS = Map.of("int32", range(Integer.MIN_VALUE, Integer.MAX_VALUE),
            "int64", range(Long.MIN_VALUE, Long.MAX_VALUE));

    private final SchemaPlace place;

    KeywordReader(SchemaPlace place) {
        this.place = place;
    }

    private static Shape.Numbers range(long low, long high) {
        return new Shape.Numbers(BigDecimal.valueOf(low), false, BigDecimal.valueOf(high), false, 0);
    }

    /** What the type and the keywords of types allow. */
    List<Shape> shapes() {
        if (!(place.value() instanceof Map<?, ?>)) {
            throw place.expected("a schema: an object, true or false");
        }
        place.keys().forEach(this::requireSupported);
        Set<String> types = types();
        if (types.isEmpty()) {
            return Shape.ANY;
        }
        List<Shape> shapes = new ArrayList<>();
        types.forEach(type -> addShapes(type, shapes));
        return shapes;
    }

    /** The values of {@code const} or {@code enum}. */
    List<Shape> values(String keyword) {
        List<SchemaPlace> values = keyword.equals("const") ? List.of(place.child(keyword)) : place.child(keyword).elements();
        return values.stream().map(value -> (Shape) new Shape.Exactly(JsonValue.of(value))).distinct().toList();
    }

    private void requireSupported(String keyword) {
        boolean known = NOT_RESTRICTING.contains(keyword) || COMBINING.contains(keyword) || TYPE_OF_KEYWORD.containsKey(keyword)
                || keyword.startsWith("x-") || keyword.equals("$id") && place.isDocument();
        if (!known && !(WITHOUT_EFFECT.containsKey(keyword) && WITHOUT_EFFECT.get(keyword).equals(JsonValue.of(place.child(keyword))))) {
            throw place.refusal("the keyword '" + keyword + "' is not supported here; leave it away, or express it by others");
        }
    }

    /** The types named, or else meant by keywords of a type; empty for any. */
    private Set<String> types() {
        Set<String> types = new LinkedHashSet<>();
        if (place.has("type")) {
            SchemaPlace named = place.child("type");
            (named.value() instanceof List<?> ? named.elements() : List.of(named)).forEach(type -> {
                if (!TYPES.contains(type.string())) {
                    throw type.expected("one of " + TYPES.stream().sorted().toList());
                }
                types.add(type.string());
            });
            if (types.isEmpty()) {
                throw named.refusal("found an empty list, expected at least one type");
            }
        } else {
            place.keys().stream().filter(TYPE_OF_KEYWORD::containsKey).map(TYPE_OF_KEYWORD::get).forEach(types::add);
        }
        return types;
    }

    private void addShapes(String type, List<Shape> shapes) {
        switch (type) {
            case "null" -> shapes.add(new Shape.Exactly(null));
            case "boolean" -> {
                shapes.add(new Shape.Exactly(true));
                shapes.add(new Shape.Exactly(false));
            }
            case "string" -> addUnlessEmpty(texts(), shapes);
            case "array" -> addUnlessEmpty(lists(), shapes);
            case "object" -> shapes.add(objects());
            default -> addUnlessEmpty(numbers(type.equals("integer")), shapes);
        }
    }

    private static void addUnlessEmpty(Shape shape, List<Shape> shapes) {
        Shape checked = shape.and(shape);
        if (checked != null) {
            shapes.add(checked);
        }
    }

    private Shape texts() {
        List<TextPattern> patterns = new ArrayList<>();
        if (place.has("pattern")) {
            patterns.add(new TextPattern(place.child("pattern"), place.child("pattern").string()));
        }
        if (place.has("format")) {
            SchemaPlace format = place.child("format");
            patterns.add(new TextPattern(format, TextFormats.pattern(format)));
        }
        return new Shape.Texts(count("minLength", 0), count("maxLength", Integer.MAX_VALUE), List.copyOf(patterns));
    }

    private int count(String keyword, int usual) {
        BigDecimal count = number(keyword);
        if (count == null) {
            return usual;
        }
        if (count.signum() < 0 || count.scale() > 0) {
            throw place.child(keyword).expected("an integer from 0 on");
        }
        return count.min(BigDecimal.valueOf(Integer.MAX_VALUE)).intValue();
    }

    /** Null where the keyword is absent. */
    private BigDecimal number(String keyword) {
        if (!place.has(keyword)) {
            return null;
        }
        if (JsonValue.of(place.child(keyword)) instanceof BigDecimal number) {
            return number;
        }
        throw place.child(keyword).expected("a number");
    }

    private Shape numbers(boolean integer) {
        int digits = integer ? 0 : Integer.MAX_VALUE;
        Shape.Numbers closed = new Shape.Numbers(number("minimum"), false, number("maximum"), false, Math.min(digits, multipleDigits()));
        Shape.Numbers open = new Shape.Numbers(number("exclusiveMinimum"), true, number("exclusiveMaximum"), true, digits);
        Shape.Numbers format = place.has("format") ? NUMBER_FORMATS.get(place.child("format").string()) : null;
        return closed.tightened(open).tightened(format == null ? Shape.Numbers.ANY : format);
    }

    /** The digits after the point that a multiple of 1, 0.1, 0.01 and so on has. */
    private int multipleDigits() {
        BigDecimal multiple = number("multipleOf");
        if (multiple == null) {
            return Integer.MAX_VALUE;
        }
        if (multiple.unscaledValue().bitLength() != 1 || multiple.signum() < 0 || multiple.scale() < 0) {
            throw place.child("multipleOf").expected("1, 0.1, 0.01 and so on; others are not supported");
        }
        return multiple.scale();
    }

    private Shape lists() {
        List<AllOf> first = new ArrayList<>();
        String tuple = place.has("items") && place.child("items").value() instanceof List<?> ? "items" : "prefixItems";
        if (place.has(tuple)) {
            place.child(tuple).elements().forEach(element -> first.add(AllOf.of(element)));
        }
        String rest = tuple.equals("items") ? "additionalItems" : "items";
        return new Shape.Lists(List.copyOf(first), schema(rest), count("minItems", 0), count("maxItems", Integer.MAX_VALUE));
    }

    private AllOf schema(String keyword) {
        return place.has(keyword) ? AllOf.of(place.child(keyword)) : AllOf.ANYTHING;
    }

    private Shape objects() {
        Map<String, AllOf> properties = new LinkedHashMap<>();
        if (place.has("properties")) {
            SchemaPlace named = place.child("properties");
            named.keys().forEach(key -> properties.put(key, AllOf.of(named.child(key))));
        }
        Set<String> required = new LinkedHashSet<>();
        if (place.has("required")) {
            place.child("required").elements().forEach(key -> required.add(key.string()));
        }
        return new Shape.Objects(properties, required, schema("additionalProperties"));
    }
}
