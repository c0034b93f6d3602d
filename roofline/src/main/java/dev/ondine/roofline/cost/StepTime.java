package dev.ondine.roofline.cost;

/**
 * How long a step takes, and of what.
 *
 * @param seconds         of the whole step; NaN where the device's figures do not tell
 * @param memorySeconds   that the memory bus would take alone
 * @param computeSeconds  that arithmetic would take alone; NaN where no peak is known
 * @param overheadSeconds of launches and rendezvous
 */
public record StepTime(double seconds, double memorySeconds, double computeSeconds, double overheadSeconds) {

    public boolean isKnown() {
        return !Double.isNaN(seconds);
    }

    public Bound bound() {
        if (!isKnown()) {
            return Bound.UNKNOWN;
        }
        double most = Math.max(memorySeconds, Double.isNaN(computeSeconds) ? 0 : computeSeconds);
        return overheadSeconds > most ? Bound.OVERHEAD : memorySeconds >= most ? Bound.MEMORY : Bound.COMPUTE;
    }
}
