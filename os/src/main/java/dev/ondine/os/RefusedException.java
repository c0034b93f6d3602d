package dev.ondine.os;

import java.time.Duration;
import java.util.Optional;

/** A task that is not taken: the queue or its app's quota is full, or its deadline cannot be met. */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why a task is refused. */
    public enum Reason { QUEUE, QUOTA, DEADLINE, CLOSED }

    private final Reason reason;
    private final transient Optional<Duration> earliest;

    /** @param earliest the deadline that could be promised, or when to come again; empty if nobody knows */
    public RefusedException(Reason reason, String message, Optional<Duration> earliest) {
        super(message);
        this.reason = reason;
        this.earliest = earliest;
    }

    public Reason reason() {
        return reason;
    }

    /** The deadline that could be promised, or when to come again. */
    public Optional<Duration> earliest() {
        return earliest;
    }
}
