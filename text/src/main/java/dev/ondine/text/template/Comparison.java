package dev.ondine.text.template;

/** A comparison operator. */
enum Comparison {
    EQUAL("=="), UNEQUAL("!="), LESS("<"), AT_MOST("<="), GREATER(">"), AT_LEAST(">="), IN("in"), NOT_IN("not in");

    final String symbol;

    Comparison(String symbol) {
        this.symbol = symbol;
    }

    /** The comparison of an operator token, or null if it is none. */
    static Comparison of(String symbol) {
        return switch (symbol) {
            case "==" -> EQUAL;
            case "!=" -> UNEQUAL;
            case "<" -> LESS;
            case "<=" -> AT_MOST;
            case ">" -> GREATER;
            case ">=" -> AT_LEAST;
            default -> null;
        };
    }
}
