package dev.ondine.roofline.device;

/**
 * One number of the catalogue with where it comes from.
 *
 * @param value  in the base unit of its {@link Spec}; NaN where unknown
 * @param trust  how far it can be trusted
 * @param source the document, or the arithmetic
 */
public record Figure(double value, Trust trust, String source) {

    public Figure {
        if (Double.isNaN(value) != (trust == Trust.UNKNOWN)) {
            throw new IllegalArgumentException("a figure is unknown if and only if it has no value");
        }
    }

    /** A figure that somebody chose, not one of a real thing. */
    public static Figure assumed(double value, String why) {
        return new Figure(value, Trust.ASSUMED, why);
    }

    public static Figure unknown(String why) {
        return new Figure(Double.NaN, Trust.UNKNOWN, why);
    }

    public boolean isKnown() {
        return trust != Trust.UNKNOWN;
    }

    /** The value, or the fallback where nobody has published one. */
    public double or(double fallback) {
        return isKnown() ? value : fallback;
    }
}
