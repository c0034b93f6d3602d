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
    final Standing standing;
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
        this.standing = new Standing(this);
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

    /** Its class now: a more urgent task that waits for it lends its own. */
    public PriorityClass priority() {
        return standing.priority;
    }

    /** Whether a deadline counts: its own that can still be met, or that of a task that waits for it. */
    public boolean hasDeadline() {
        return standing.dueNanos != Standing.NEVER;
    }

    /** The deadline that counts, of the scheduler's clock. */
    public double dueSeconds() {
        return standing.dueNanos * 1e-9;
    }

    /** Whether a promised deadline would be missed if others went before. */
    public boolean isInDanger() {
        return standing.isInDanger;
    }

    /** Whether it is old, and the share that is kept for old tasks is not used up. */
    public boolean isItsTurn() {
        return standing.isItsTurn;
    }

    /** Whether its deadline cannot be met any more; it then goes on without one. */
    public boolean isLate() {
        return standing.isLate;
    }

    public double submittedSeconds() {
        return submittedNanos * 1e-9;
    }

    /** When it last took part in a step; 0 if it has not. */
    public double servedSeconds() {
        return standing.servedNanos * 1e-9;
    }

    /** Service it has had, over its weight, on the clock of its class. */
    public double virtualSeconds() {
        return standing.virtualSeconds;
    }

    /** What it still asks for, if it were alone; expected where its length is not known. */
    public double remainingSeconds() {
        return standing.remainingSeconds;
    }

    /** As far as they are known; what has not come counts as the end. */
    public TaskResult.Timings timings() {
        return new TaskResult.Timings(since(startedNanos), since(firstTokenNanos), since(doneNanos),
                Duration.ofNanos((long) (computeSeconds * 1e9)));
    }

    private Duration since(long nanos) {
        return Duration.ofNanos((nanos == NOT_YET ? doneNanos : nanos) - submittedNanos);
    }

    TaskView view() {
        return new TaskView(id, runner.name(), terms, state, isPaused, promptTokens, cachedPromptTokens, computed, generated(), mostTokens,
                preemptions, standing.isLate, standing.priority, submittedNanos, startedNanos, firstTokenNanos, doneNanos, computeSeconds,
                joules);
    }
}
