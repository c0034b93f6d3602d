package dev.ondine.cli;

import dev.ondine.files.GgufType;
import dev.ondine.files.Metadata;
import dev.ondine.files.TypedValue;
import java.lang.reflect.Array;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Metadata for people and for JSON; arrays as long as a vocabulary are told by their length and beginning. */
final class MetadataView {

    private static final int WHOLE_ARRAY = 64;
    private static final int FIRST = 8;
    private static final int FIRST_SHOWN = 4;
    private static final int LONGEST_TEXT = 100;

    private MetadataView() {
    }

    static Map<String, Object> json(Metadata metadata) {
        Map<String, Object> values = new LinkedHashMap<>();
        metadata.keys().forEach(key -> values.put(key, json(metadata.typedValue(key))));
        return values;
    }

    private static Object json(TypedValue value) {
        if (value.type() != GgufType.ARRAY) {
            return scalar(value.type(), value.value());
        }
        int length = Array.getLength(value.value());
        if (length <= WHOLE_ARRAY) {
            return elements(value, length);
        }
        return Json.object("type", value.elementType().name().toLowerCase(Locale.ROOT), "length", length,
                "first", elements(value, FIRST));
    }

    private static List<Object> elements(TypedValue array, int count) {
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Object element = Array.get(array.value(), i);
            elements.add(element instanceof TypedValue nested ? json(nested) : scalar(array.elementType(), element));
        }
        return elements;
    }

    /** Java has no unsigned 64-bit number, JSON knows no size. */
    private static Object scalar(GgufType type, Object value) {
        return type == GgufType.UINT64 && value instanceof Long number && number < 0
                ? new BigInteger(Long.toUnsignedString(number)) : value;
    }

    /** One line. */
    static String text(Metadata metadata, String key) {
        TypedValue value = metadata.typedValue(key);
        if (value.type() != GgufType.ARRAY) {
            return text(scalar(value.type(), value.value()));
        }
        int length = Array.getLength(value.value());
        String shown = elements(value, Math.min(length, FIRST_SHOWN)).stream().map(MetadataView::text).collect(Collectors.joining(", "));
        return length <= FIRST_SHOWN ? "[" + shown + "]"
                : "[%s, ...] %d x %s".formatted(shown, length, value.elementType().name().toLowerCase(Locale.ROOT));
    }

    private static String text(Object value) {
        if (!(value instanceof String text)) {
            return String.valueOf(value);
        }
        return text.length() <= LONGEST_TEXT ? Display.quoted(text)
                : Display.quoted(text.substring(0, LONGEST_TEXT)) + "... %d characters".formatted(text.length());
    }
}
