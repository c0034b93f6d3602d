package dev.ondine.os;

import java.time.Duration;

/**
 * What an app may have of the kernel. What it has used comes back evenly with time; a task that is under way is not stopped, so a long
 * one may use more, which then delays the next.
 *
 * @param mostTasks        that have not ended, above 0
 * @param tokensPerMinute  read and written, above 0; {@link Long#MAX_VALUE} for no limit
 * @param computePerMinute of the time of steps, above 0
 * @param highest          most urgent class that it may ask for
 * @param cacheShare       most part of a model's cache that its tasks hold when it asks for one more, above 0 up to 1
 */
public record AppQuota(int mostTasks, long tokensPerMinute, Duration computePerMinute, PriorityClass highest, double cacheShare) {

    /** No limit but the kernel's own. */
    public static final AppQuota UNLIMITED =
            new AppQuota(Integer.MAX_VALUE, Long.MAX_VALUE, Deadline.NEVER, PriorityClass.INTERRUPT, 1);

    /** @throws IllegalArgumentException if a limit is outside its range */
    public AppQuota {
        require(mostTasks > 0, "most tasks", mostTasks, "above 0");
        require(tokensPerMinute > 0, "tokens per minute", tokensPerMinute, "above 0");
        require(computePerMinute.isPositive(), "compute per minute", computePerMinute, "above 0");
        require(cacheShare > 0 && cacheShare <= 1, "cache share", cacheShare, "above 0, at most 1");
    }

    private static void require(boolean holds, String name, Object found, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("quota: %s is %s, expected %s".formatted(name, found, expected));
        }
    }
}
