package dev.ondine.text.template;

/**
 * The value of what does not exist: printed as nothing, false, empty; anything else done with it fails.
 *
 * @param problem says what does not exist
 */
record Undefined(String problem) {

    static Undefined variable(String name) {
        return new Undefined("'" + name + "' is undefined");
    }

    static Undefined member(Object owner, Object key) {
        String type = owner == null ? "None" : Values.typeName(owner) + " object";
        if (key instanceof String name) {
            return new Undefined("'" + type + "' has no attribute " + PythonText.quoted(name));
        }
        return new Undefined(type + " has no " + (key instanceof Long index ? "element " + index : "such element"));
    }
}
