package dev.ondine.models;

/** A request for more memory or positions than there are. */
public final class CapacityException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CapacityException(String message) {
        super(message);
    }
}
