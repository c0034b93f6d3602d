package dev.ondine.text.template;

/** A value that can be called. */
interface Callable {

    Object call(Run run, Arguments arguments);
}
