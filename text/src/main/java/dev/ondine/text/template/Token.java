package dev.ondine.text.template;

/**
 * A token of a template.
 *
 * @param text the text of a name or an operator, the content of data and strings
 * @param value the value of a literal, otherwise null
 * @param line from 1
 */
record Token(Kind kind, String text, Object value, int line) {

    enum Kind { DATA, OUTPUT_BEGIN, OUTPUT_END, TAG_BEGIN, TAG_END, NAME, STRING, NUMBER, OPERATOR, END }

    boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    String description() {
        return switch (kind) {
            case DATA -> "text";
            case OUTPUT_BEGIN -> "'{{'";
            case OUTPUT_END -> "'}}'";
            case TAG_BEGIN -> "'{%'";
            case TAG_END -> "'%}'";
            case STRING -> "a string";
            case END -> "the end of the template";
            case NAME, NUMBER, OPERATOR -> "'" + text + "'";
        };
    }
}
