package dev.ondine.text.tools;

import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A function that a model may call.
 *
 * @param name        1 to 128 letters, digits and {@code _ - . : /}
 * @param description what it does, for the model; may be empty
 * @param parameters  the JSON schema of its arguments, which are an object; empty for any
 * @param strict      whether arguments are held to the schema as they are written; those of other tools are any JSON object
 */
public record ToolDefinition(String name, String description, Map<String, ?> parameters, boolean strict) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:/-]{1,128}");

    public ToolDefinition {
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(parameters, "parameters");
        if (!isName(name)) {
            throw new IllegalArgumentException("the tool's name is '" + name + "', expected 1 to 128 letters, digits and _ - . : /");
        }
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }
}
