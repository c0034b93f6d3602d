package dev.ondine.text.grammar;

import java.util.LinkedHashSet;
import java.util.Set;

/** Schemas that a value must all meet, in any order; none of them allow any value. */
record AllOf(Set<SchemaPlace> places) {

    static final AllOf ANYTHING = new AllOf(Set.of());

    static AllOf of(SchemaPlace place) {
        return new AllOf(Set.of(place));
    }

    AllOf and(AllOf other) {
        if (places.containsAll(other.places)) {
            return this;
        }
        Set<SchemaPlace> both = new LinkedHashSet<>(places);
        both.addAll(other.places);
        return new AllOf(both);
    }
}
