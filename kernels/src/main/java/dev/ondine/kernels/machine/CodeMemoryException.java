package dev.ondine.kernels.machine;

/** Says in one line why this host gives no memory to run generated machine code in. */
public final class CodeMemoryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public CodeMemoryException(String reason) {
        super("no memory for machine code: " + reason);
    }
}
