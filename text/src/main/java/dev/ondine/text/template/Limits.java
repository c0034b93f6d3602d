package dev.ondine.text.template;

/**
 * What a template may use; beyond it a {@link TemplateException} is thrown.
 *
 * @param sourceLength characters of the template's source
 * @param nesting how deep tags and brackets may nest in the source
 * @param depth how deep evaluation may nest, macro calls and nested values included; bounds the use of the stack
 * @param steps statements and expressions evaluated
 * @param text characters created or searched, with {@value #ELEMENT} for each element of a list or dict; bounds memory
 * @param output characters of the rendered text
 */
public record Limits(int sourceLength, int nesting, int depth, long steps, long text, int output) {

    /** Far above what published chat templates use on a conversation of a million tokens. */
    public static final Limits STANDARD = new Limits(1 << 20, 100, 200, 10_000_000, 1 << 27, 1 << 25);

    static final int ELEMENT = 32;

    public Limits {
        if (sourceLength <= 0 || nesting <= 0 || depth <= 0 || steps <= 0 || text <= 0 || output <= 0) {
            throw new IllegalArgumentException("a limit is not positive");
        }
    }
}
