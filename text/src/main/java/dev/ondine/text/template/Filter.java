package dev.ondine.text.template;

import java.util.List;

/** A filter as written: its name and its arguments. */
record Filter(String name, CallArguments arguments, int line) {

    Object apply(Run run, Scope scope, Object value) {
        Arguments values = arguments.evaluate(run, scope);
        run.at(line);
        return Filters.apply(run, name, value, values);
    }

    static String applyAll(List<Filter> filters, Run run, Scope scope, String text) {
        Object value = text;
        for (Filter filter : filters) {
            value = filter.apply(run, scope, value);
        }
        return PythonText.str(run, value);
    }
}
