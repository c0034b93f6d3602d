package dev.ondine.os;

import java.time.Duration;

/**
 * The kernel's record of a task: what was asked for, how far it is, what it has used. It holds no tokens: the runner does. Belongs
 * to the scheduler's thread; others see a {@link TaskView}.
 */
public final class Task {

    /** A moment that has not come. */
    static final long NOT_YET = Long.MIN_VALUE;

    private final long id;
    private final StepRunner runner;
    /** Of the prompt, and of tools. */
    int promptTokens;
    private final int mostTokens;
    private final long submittedNanos;
    TaskTerms terms;
    TaskState state = TaskState.WAITING;
    boolean isPaused;
    /** Whether every token of its prompt gives a row of logits. */
    boolean scoresPrompt;
    /** Tokens that are known: prompt and answer. */
    int length;
    /** Tokens that are in the cache. */
    int computed;
    int cachedPromptTokens;
    int preemptions;
    long startedNanos = NOT_YET;
    long firstTokenNanos = NOT_YET;
    long doneNanos = NOT_YET;
    long computedTokens;
    double computeSeconds;
    double joules;

    /**
     * @param promptTokens at least 1
     * @param mostTokens   of the answer
     */
    public Task(long id, StepRunner runner, TaskTerms terms, int promptTokens, int mostTokens, long submittedNanos) {
        this.id = id;
        this.runner = runner;
        this.terms = terms;
        this.promptTokens = promptTokens;
        this.mostTokens = mostTokens;
        this.submittedNanos = submittedNanos;
        this.length = promptTokens;
    }

    public long id() {
        return id;
    }

    public StepRunner runner() {
        return runner;
    }

    public TaskTerms terms() {
        return terms;
    }

    public TaskState state() {
        return state;
    }

    public int promptTokens() {
        return promptTokens;
    }

    /** Most tokens of the answer. */
    public int mostTokens() {
        return mostTokens;
    }

    public long submittedNanos() {
        return submittedNanos;
    }

    /** Tokens of the answer so far. */
    public int generated() {
        return length - promptTokens;
    }

    /** Tokens that are in the cache. */
    public int computed() {
        return computed;
    }

    /** Tokens that are known and not in the cache: 1 for a task that decodes, more for one that reads. */
    public int pending() {
        return length - computed;
    }

    /** As far as they are known; what has not come counts as the end. */
    TaskResult.Timings timings() {
        return new TaskResult.Timings(since(startedNanos), since(firstTokenNanos), since(doneNanos),
                Duration.ofNanos((long) (computeSeconds * 1e9)));
    }

    private Duration since(long nanos) {
        return Duration.ofNanos((nanos == NOT_YET ? doneNanos : nanos) - submittedNanos);
    }

    TaskView view() {
        return new TaskView(id, runner.name(), terms, state, isPaused, promptTokens, cachedPromptTokens, computed, generated(), mostTokens,
                preemptions, submittedNanos, startedNanos, firstTokenNanos, doneNanos, computeSeconds, joules);
    }
}
