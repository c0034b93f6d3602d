package dev.ondine.text.grammar;

import java.util.List;
import java.util.stream.Stream;

/** Schemas that a value must all meet; none of them allow any value. */
record AllOf(List<SchemaPlace> places) {

    static final AllOf ANYTHING = new AllOf(List.of());

    static AllOf of(SchemaPlace place) {
        return new AllOf(List.of(place));
    }

    AllOf and(AllOf other) {
        return places.isEmpty() ? other : other.places.isEmpty() ? this
                : new AllOf(Stream.concat(places.stream(), other.places.stream()).sorted().distinct().toList());
    }
}
