package dev.ondine.text.tools;

/**
 * Whether a model calls tools.
 *
 * @param kind    how free the model is
 * @param name    the tool to call where one is named, else null
 * @param several whether it may make more than one call
 */
public record ToolChoice(Kind kind, String name, boolean several) {

    /** How free the model is to call tools. */
    public enum Kind { NONE, AUTO, REQUIRED, NAMED }

    public ToolChoice {
        if ((kind == Kind.NAMED) != (name != null)) {
            throw new IllegalArgumentException("the tool choice is " + kind + " with the name " + name
                    + ", expected a name with NAMED only");
        }
    }

    /** No tool is called. */
    public static ToolChoice none() {
        return new ToolChoice(Kind.NONE, null, false);
    }

    /** The model answers, or calls tools, or both. */
    public static ToolChoice auto() {
        return new ToolChoice(Kind.AUTO, null, true);
    }

    /** The model calls a tool or several. */
    public static ToolChoice required() {
        return new ToolChoice(Kind.REQUIRED, null, true);
    }

    /** The model calls this tool, once. */
    public static ToolChoice named(String name) {
        return new ToolChoice(Kind.NAMED, name, false);
    }

    /** The same with at most one call. */
    public ToolChoice oneCall() {
        return new ToolChoice(kind, name, false);
    }
}
