package dev.ondine.text.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A macro, or the body of a call block, with the scope where it was defined. */
record Macro(Code code, Scope scope) implements Callable {

    /** @param fallback the default value, or null */
    record Parameter(String name, Expression fallback) { }

    /** Which of the special names a body reads; a macro accepts what they stand for only then. */
    record Extras(boolean caller, boolean varargs, boolean kwargs) {

        static final Extras NONE = new Extras(false, false, false);

        Extras or(Extras other) {
            return new Extras(caller || other.caller, varargs || other.varargs, kwargs || other.kwargs);
        }
    }

    record Code(String name, List<Parameter> parameters, List<Statement> body, Extras extras) { }

    @Override
    public Object call(Run run, Arguments arguments) {
        Scope inside = new Scope(scope);
        Map<String, Object> named = new LinkedHashMap<>(arguments.named());
        bindParameters(run, inside, arguments.positional(), named);
        bindExtras(run, inside, arguments.positional(), named);
        return run.capture(code.body(), inside);
    }

    private void bindParameters(Run run, Scope inside, List<Object> positional, Map<String, Object> named) {
        List<Parameter> parameters = code.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            Object value;
            if (i < positional.size()) {
                value = positional.get(i);
            } else if (named.containsKey(parameter.name())) {
                value = named.remove(parameter.name());
            } else if (parameter.fallback() != null) {
                value = run.evaluate(parameter.fallback(), inside);
            } else {
                value = new Undefined("parameter '" + parameter.name() + "' was not provided");
            }
            inside.set(parameter.name(), value);
        }
    }

    private void bindExtras(Run run, Scope inside, List<Object> positional, Map<String, Object> named) {
        int expected = code.parameters().size();
        Extras extras = code.extras();
        if (extras.caller() && !isParameter("caller")) {
            Object caller = named.remove("caller");
            inside.set("caller", caller == null ? new Undefined("no caller is defined") : caller);
        }
        if (extras.kwargs()) {
            run.chargeElements(named.size());
            inside.set("kwargs", new LinkedHashMap<Object, Object>(named));
        } else if (!named.isEmpty()) {
            throw run.error("found the arguments " + named.keySet() + " of macro '" + code.name() + "', expected none of that name");
        }
        if (extras.varargs()) {
            inside.set("varargs", new Tuple(positional.subList(Math.min(expected, positional.size()), positional.size()), false));
        } else if (positional.size() > expected) {
            throw run.error("found " + positional.size() + " arguments of macro '" + code.name() + "', expected at most " + expected);
        }
    }

    private boolean isParameter(String name) {
        for (Parameter parameter : code.parameters()) {
            if (parameter.name().equals(name)) {
                return true;
            }
        }
        return false;
    }
}
