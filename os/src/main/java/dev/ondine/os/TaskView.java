package dev.ondine.os;

/**
 * A task as it was at some moment, for those who watch. Times are of the scheduler's clock, {@link Task#NOT_YET} for what has not come.
 *
 * @param model              that it runs on
 * @param cachedPromptTokens tokens of its prompt that another task had computed already
 * @param computed           tokens that are in the cache
 * @param isLate             whether its deadline cannot be met any more
 * @param runsAs             its class now: a more urgent task that waits for it lends its own
 * @param computeSeconds     its share of the time of its steps
 */
public record TaskView(long id, String model, TaskTerms terms, TaskState state, boolean isPaused, int promptTokens, int cachedPromptTokens,
                       int computed, int generated, int mostTokens, int preemptions, boolean isLate, PriorityClass runsAs,
                       long submittedNanos, long startedNanos,
                       long firstTokenNanos, long doneNanos, double computeSeconds, double joules) {
}
