package dev.ondine.os;

import java.time.Duration;

/** What the scheduler keeps of a task to decide when it goes: the class it runs in, its deadline, what it has had. */
final class Standing {

    /** A deadline that does not exist. */
    static final long NEVER = Long.MAX_VALUE;

    private final Task task;
    PriorityClass priority;
    /** Of its own; {@link #NEVER} for no wish. */
    long firstDueNanos;
    long lastDueNanos;
    /** What counts now: the next of its own that can be met, or an earlier one of a task that waits for it. */
    long dueNanos = NEVER;
    boolean isLate;
    boolean isInDanger;
    /** Whether its promise would not hold even if all promises went first. */
    boolean isShort;
    boolean isItsTurn;
    /** When so many tokens were there as its deadline asks for. */
    long reachedNanos = Task.NOT_YET;
    /** Moves on while it waits for a tool or is paused. */
    long agesFromNanos;
    long stoppedNanos = Task.NOT_YET;
    long servedNanos;
    double virtualSeconds;
    double remainingSeconds;
    boolean holdsCache;
    /** Whether it was more urgent than all that ran when it came. */
    boolean cameUrgent;
    /** Tasks that must end before it starts. */
    int waitsFor;
    /** Last step that it was put into. */
    long plannedIn = -1;
    /** Last answers of the policy. */
    int rank;
    double order;

    Standing(Task task) {
        this.task = task;
        priority = task.terms.priority();
        agesFromNanos = task.submittedNanos();
        Deadline deadline = task.terms.deadline();
        firstDueNanos = due(deadline.firstToken());
        lastDueNanos = due(deadline.completion());
    }

    private long due(Duration time) {
        return time.compareTo(Deadline.NEVER) >= 0 ? NEVER : task.submittedNanos() + time.toNanos();
    }

    /** Replaces its own deadlines. */
    void due(long first, long last) {
        firstDueNanos = first;
        lastDueNanos = last;
        dueNanos = ownDueNanos();
    }

    /** Moves its own deadlines to a moment, where they are before it. */
    void notBefore(long nanos) {
        due(Math.max(firstDueNanos, nanos), Math.max(lastDueNanos, nanos));
    }

    /** Tokens of the answer that its deadline asks for. */
    int wanted() {
        int tokens = task.terms.deadline().tokens();
        return tokens == 0 ? task.mostTokens() : Math.min(tokens, task.mostTokens());
    }

    /** Its own next deadline; {@link #NEVER} if there is none, or it is late. */
    long ownDueNanos() {
        if (isLate) {
            return NEVER;
        }
        long last = reachedNanos == Task.NOT_YET ? lastDueNanos : NEVER;
        return task.firstTokenNanos == Task.NOT_YET ? Math.min(firstDueNanos, last) : last;
    }

    boolean hasPromise() {
        return firstDueNanos != NEVER || lastDueNanos != NEVER;
    }

    /** Whether all of its deadlines were kept, once it has ended; an end before them, by its own budget perhaps, is not late. */
    boolean isKept() {
        return orEnd(task.firstTokenNanos) <= firstDueNanos && orEnd(reachedNanos) <= lastDueNanos;
    }

    private long orEnd(long nanos) {
        return nanos == Task.NOT_YET ? task.doneNanos : nanos;
    }

    private static long later(long dueNanos, long nanos) {
        return dueNanos == NEVER ? NEVER : dueNanos + nanos;
    }

    /** It cannot run for now, and that is not the scheduler's doing: its age and its deadlines stand still. */
    void stop(long nowNanos) {
        stoppedNanos = nowNanos;
    }

    /** It can run again. */
    void goOn(long nowNanos) {
        if (stoppedNanos != Task.NOT_YET) {
            long stood = nowNanos - stoppedNanos;
            agesFromNanos += stood;
            due(later(firstDueNanos, stood), later(lastDueNanos, stood));
            stoppedNanos = Task.NOT_YET;
        }
    }
}
