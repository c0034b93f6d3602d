package dev.ondine.os;

import java.time.Duration;

/**
 * The most that a task may use; it ends with what it has when that is reached.
 *
 * @param tokens  of prompt and answer that are computed
 * @param compute its share of the time of its steps
 * @param joules  its share of their energy, by the cost model
 */
public record Budget(long tokens, Duration compute, double joules) {

    public static final Budget UNLIMITED = new Budget(Long.MAX_VALUE, Deadline.NEVER, Double.POSITIVE_INFINITY);

    /** @throws IllegalArgumentException if a limit is not above 0 */
    public Budget {
        if (tokens < 1 || compute.isNegative() || compute.isZero() || !(joules > 0)) {
            throw new IllegalArgumentException("a budget of %d tokens, %s and %s J, expected more than nothing of each"
                    .formatted(tokens, compute, joules));
        }
    }
}
