package dev.ondine.roofline.formula;

/** Ranges that formulas hold in. */
final class Require {

    private Require() {
    }

    static double share(String what, double value) {
        return within(what, value, 0, 1);
    }

    static double positive(String what, double value) {
        if (!(value > 0)) {
            throw new IllegalArgumentException("%s is %s, expected more than 0".formatted(what, shown(value)));
        }
        return value;
    }

    static double notNegative(String what, double value) {
        if (!(value >= 0)) {
            throw new IllegalArgumentException("%s is %s, expected at least 0".formatted(what, shown(value)));
        }
        return value;
    }

    static double within(String what, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException("%s is %s, expected %s to %s".formatted(what, shown(value), shown(least), shown(most)));
        }
        return value;
    }

    /** Whole numbers without a decimal point. */
    private static String shown(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value) : Double.toString(value);
    }
}
