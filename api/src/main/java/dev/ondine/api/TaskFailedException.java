package dev.ondine.api;

/** A task that could not go on, by no choice of anybody: memory ran out, or a step failed. */
public final class TaskFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Answer answer;

    TaskFailedException(Answer answer) {
        super("the task failed: " + answer.problem());
        this.answer = answer;
    }

    /** What it had by then. */
    public Answer answer() {
        return answer;
    }
}
