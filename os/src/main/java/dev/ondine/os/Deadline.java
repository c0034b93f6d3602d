package dev.ondine.os;

import java.time.Duration;

/**
 * When a task wants what, counted from its submission.
 *
 * @param firstToken by when its first token is wanted; {@link #NEVER} for no wish
 * @param tokens     how many tokens are wanted by {@code completion}
 * @param completion by when these are wanted; {@link #NEVER} for no wish
 */
public record Deadline(Duration firstToken, int tokens, Duration completion) {

    /** Later than any clock: no wish. */
    public static final Duration NEVER = Duration.ofDays(36_500);

    public static final Deadline NONE = new Deadline(NEVER, 0, NEVER);

    /** @throws IllegalArgumentException if a time is not above 0 */
    public Deadline {
        require(firstToken);
        require(completion);
        if (tokens < 0) {
            throw new IllegalArgumentException("tokens of a deadline is %d, expected 0 or more".formatted(tokens));
        }
    }

    private static void require(Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("a deadline is %d ms after the start, expected later".formatted(time.toMillis()));
        }
    }

    public static Deadline firstToken(Duration time) {
        return new Deadline(time, 0, NEVER);
    }

    /** So many tokens, or the end of a shorter answer. */
    public static Deadline completion(int tokens, Duration time) {
        return new Deadline(NEVER, tokens, time);
    }

    public boolean isNone() {
        return firstToken.equals(NEVER) && completion.equals(NEVER);
    }
}
