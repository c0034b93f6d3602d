package dev.ondine.text.template;

import java.util.List;
import java.util.Map;

/** The evaluated arguments of a call. */
record Arguments(List<Object> positional, Map<String, Object> named) {

    static final Arguments NONE = new Arguments(List.of(), Map.of());

    /**
     * The arguments in the order of the parameters, {@link Scope#ABSENT} where one is not given.
     *
     * @param required how many of the parameters must be given
     */
    Object[] bind(Run run, String callee, int required, String... parameters) {
        if (positional.size() > parameters.length) {
            throw run.error("found " + positional.size() + " arguments of " + callee + ", expected at most " + parameters.length);
        }
        Object[] bound = new Object[parameters.length];
        int used = positional.size();
        for (int i = 0; i < parameters.length; i++) {
            bound[i] = i < positional.size() ? positional.get(i) : named.getOrDefault(parameters[i], Scope.ABSENT);
            if (i >= positional.size() && bound[i] != Scope.ABSENT) {
                used++;
            } else if (i < required && bound[i] == Scope.ABSENT) {
                throw run.error("found no argument '" + parameters[i] + "' of " + callee + ", expected one");
            }
        }
        if (used < positional.size() + named.size()) {
            throw run.error("found the arguments " + named.keySet() + " of " + callee + ", expected only " + List.of(parameters));
        }
        return bound;
    }

    static Object or(Object bound, Object fallback) {
        return bound == Scope.ABSENT ? fallback : bound;
    }
}
