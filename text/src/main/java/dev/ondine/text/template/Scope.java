package dev.ondine.text.template;

import java.util.HashMap;
import java.util.Map;

/** The variables of a block; reading goes outwards, writing stays inside. */
final class Scope {

    /** Stands for "there is none", because null is Python's None. */
    static final Object ABSENT = new Object();

    private final Scope outer;
    private final Map<String, Object> variables = new HashMap<>();

    Scope(Scope outer) {
        this.outer = outer;
    }

    Object find(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            Object value = scope.variables.getOrDefault(name, ABSENT);
            if (value != ABSENT) {
                return value;
            }
        }
        return ABSENT;
    }

    void set(String name, Object value) {
        variables.put(name, value);
    }
}
