package dev.ondine.explorer.validate;

/**
 * A prediction beside its measurement, both in the unit of the measurement's kind.
 */
public record Residual(Subject subject, Measurement measurement, double predicted, double measured) {

    /** Signed: 0.05 means that 5 % more was predicted than measured. */
    public double relative() {
        return predicted / measured - 1;
    }
}
