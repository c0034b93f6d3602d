package dev.ondine.server.json;

import dev.ondine.server.failure.ApiFailure;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON to and from bytes. What is read is UTF-8, one value, nothing after it, no name twice, at most {@link #MOST_DEPTH} deep and
 * {@link #MOST_TOKENS} long; anything else is an {@link ApiFailure} with status 400 that says where.
 */
public final class JsonText {

    /** Arrays and objects within each other. */
    public static final int MOST_DEPTH = 100;

    /** Values, names and brackets of a text: a tree of them takes up to 100 times the bytes of the text. */
    public static final long MOST_TOKENS = 1_000_000;

    private static final int MOST_DIGITS = 100;
    private static final int MOST_NAME = 1_000;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MOST_DEPTH).maxNumberLength(MOST_DIGITS)
                            .maxNameLength(MOST_NAME).maxTokenCount(MOST_TOKENS).maxStringLength(Integer.MAX_VALUE).build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private JsonText() {
    }

    /** The object that a body holds. @throws ApiFailure if it holds none */
    public static JsonFields object(byte[] body) {
        if (body.length == 0) {
            throw ApiFailure.of(400, "the body is empty, expected a JSON object");
        }
        return new FieldValue("", read(decoded(body), "the body")).object();
    }

    /** What a text means that is JSON, such as the arguments of a call. @throws ApiFailure if it is none; it calls the text by name */
    public static JsonNode read(String text, String name) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw ApiFailure.of(400, name + " is no valid JSON: " + firstLine(e.getOriginalMessage()) + place(e));
        }
    }

    /** Plain values or a tree as JSON, on one line. */
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** Plain values or a tree as JSON in UTF-8, on one line. */
    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /** An object from names and values in turn, in that order. */
    public static Map<String, Object> map(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    /** Plain values as a tree. */
    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** A tree as plain values: maps in order, lists, strings, numbers, truth values, null. */
    public static Object plain(JsonNode node) {
        return MAPPER.treeToValue(node, Object.class);
    }

    /** The object that a text holds as plain values. @throws ApiFailure if it holds none; it calls the text by name */
    public static Map<String, Object> fields(String text, String name) {
        return fields(new FieldValue(name, read(text, name)).object().node());
    }

    /** An object as plain values. */
    public static Map<String, Object> fields(ObjectNode node) {
        Map<String, Object> fields = new LinkedHashMap<>();
        node.properties().forEach(entry -> fields.put(entry.getKey(), plain(entry.getValue())));
        return fields;
    }

    private static String decoded(byte[] body) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer bytes = ByteBuffer.wrap(body);
        CharBuffer text = CharBuffer.allocate(body.length);
        try {
            CoderResult result = decoder.decode(bytes, text, true);
            if (result.isError()) {
                result.throwException();
            }
            return text.flip().toString();
        } catch (CharacterCodingException e) {
            throw ApiFailure.of(400, "the body is no UTF-8: a wrong byte at offset " + bytes.position());
        }
    }

    private static String place(JacksonException failure) {
        return failure.getLocation() == null ? ""
                : " at line " + failure.getLocation().getLineNr() + ", column " + failure.getLocation().getColumnNr();
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("not readable");
    }
}
