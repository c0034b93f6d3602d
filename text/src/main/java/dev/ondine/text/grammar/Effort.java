package dev.ondine.text.grammar;

/** How much work a schema may still cause, so that none takes long to compile. */
final class Effort {

    /** Steps of some tens of nanoseconds. */
    private static final long MOST_STEPS = 500_000;

    private long left = MOST_STEPS;

    void spend(long steps) {
        left -= steps;
        if (left < 0) {
            throw new IllegalArgumentException("the schema takes too many steps to compile; use fewer alternatives in anyOf, oneOf and"
                    + " allOf, and simpler patterns");
        }
    }
}
