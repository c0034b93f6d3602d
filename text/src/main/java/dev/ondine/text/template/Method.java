package dev.ondine.text.template;

import java.util.List;

/** A method together with the value that it belongs to. */
record Method(Object self, String name) implements Callable {

    @Override
    public Object call(Run run, Arguments arguments) {
        if (self instanceof String text) {
            return StringMethods.call(run, text, name, arguments);
        } else if (self instanceof Tuple tuple) {
            return ContainerMethods.onSequence(run, tuple.items(), name, arguments);
        } else if (self instanceof Loop loop) {
            return loop.method(name, arguments.positional());
        }
        return self instanceof List
                ? ContainerMethods.onList(run, Values.list(self), name, arguments)
                : ContainerMethods.onDict(run, Values.dict(self), name, arguments);
    }
}
