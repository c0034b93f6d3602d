package dev.ondine.roofline.solve;

/** A question without an answer: no value of the unknown will do, or each one does. The message says why, with numbers. */
public final class UnreachableTargetException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final transient Goal binding;

    UnreachableTargetException(String message, Goal binding) {
        super(message);
        this.binding = binding;
    }

    /** The goal that cannot be met; where every value does, the target. */
    public Goal binding() {
        return binding;
    }
}
