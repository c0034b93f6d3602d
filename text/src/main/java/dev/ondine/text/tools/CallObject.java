package dev.ondine.text.tools;

import dev.ondine.text.grammar.GrammarMatcher;
import java.util.Set;

/**
 * Reads the JSON object of one call as it comes, character by character: its name, and its arguments as far as they are there.
 *
 * <p>The matcher says whether it is JSON; what is left to do here is to know where in it the text stands.
 */
final class CallObject {

    private static final Set<String> ARGUMENT_KEYS = Set.of("arguments", "parameters");

    private final GrammarMatcher matcher;
    private final StringBuilder arguments = new StringBuilder();
    private final StringBuilder string = new StringBuilder();
    private final boolean bareArguments;
    private int depth;
    private boolean inString;
    private boolean escaped;
    /** The key whose value comes next at the outermost level; null before its colon. */
    private String key;
    private boolean inArguments;
    private boolean argumentsSeen;
    private String name;

    /** @param name the name where the object is the arguments themselves; null where both are in it */
    CallObject(GrammarMatcher matcher, String name) {
        this.matcher = matcher;
        this.name = name;
        this.bareArguments = name != null;
    }

    /** Goes on by a character; false where the object is not one of a call. */
    boolean accept(int character) {
        if (!matcher.accept(Character.toString(character))) {
            return false;
        }
        boolean fits = inString ? inside(character) : between(character);
        if (inArguments) {
            arguments.appendCodePoint(character);
            inArguments = depth > (bareArguments ? 0 : 1) || inString;
        }
        return fits;
    }

    private boolean inside(int character) {
        if (character == '"' && !escaped) {
            inString = false;
            return depth != 1 || bareArguments || endOfString(string.toString());
        }
        escaped = character == '\\' && !escaped;
        string.appendCodePoint(character);
        return true;
    }

    private boolean endOfString(String text) {
        if (key == null) {
            key = text;
            return true;
        }
        boolean isName = key.equals("name");
        boolean fits = isName ? name == null : !ARGUMENT_KEYS.contains(key);
        name = isName ? text : name;
        return fits;
    }

    private boolean between(int character) {
        boolean outermost = depth == 1 && !bareArguments;
        switch (character) {
            case '"' -> {
                inString = true;
                string.setLength(0);
            }
            case '{', '[' -> {
                boolean fits = !outermost || beginsValue(character == '{');
                depth++;
                inArguments |= bareArguments;
                return fits;
            }
            case '}', ']' -> depth--;
            case ',' -> key = outermost ? null : key;
            default -> {
                // White space, a colon, or a part of a number or literal, of which neither name nor arguments may be made.
                boolean isPunctuation = character == ':' || Character.isWhitespace(character);
                return !outermost || isPunctuation || !"name".equals(key) && !ARGUMENT_KEYS.contains(key);
            }
        }
        return true;
    }

    private boolean beginsValue(boolean isObject) {
        if ("name".equals(key)) {
            return false;
        }
        if (ARGUMENT_KEYS.contains(key)) {
            boolean first = !argumentsSeen;
            argumentsSeen = true;
            inArguments = true;
            return first && isObject;
        }
        return true;
    }

    boolean isComplete() {
        return matcher.isComplete();
    }

    /** Null as long as it is not known. */
    String name() {
        return name;
    }

    /** Whether arguments have begun. */
    boolean hasArguments() {
        return argumentsSeen || bareArguments;
    }

    /** What has come of the arguments since it was last asked. */
    String takeArguments() {
        String taken = arguments.toString();
        arguments.setLength(0);
        return taken;
    }
}
