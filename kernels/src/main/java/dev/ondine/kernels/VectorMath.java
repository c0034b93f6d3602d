package dev.ondine.kernels;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Functions on vectors of floats. */
final class VectorMath {

    private static final float LOG2_E = 1.44269504f;
    // ln 2 in two pieces: the first has few enough bits that its product with a whole number up to 128 is exact.
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float LOWEST = -87.33f;
    private static final float HIGHEST = 88.37f;
    // Adding 1.5 · 2^23 leaves the nearest whole number in the lowest bits.
    private static final float ROUNDING = 12582912f;

    private VectorMath() {
    }

    /**
     * e^x with a relative error below 2e-7. Below -87.33 it is 0, above 88.37 infinite; NaN stays NaN.
     *
     * <p>e^x = 2^n · e^r with |r| at most ln 2 / 2, and a polynomial for e^r whose coefficients are those of Cephes' expf.
     */
    static FloatVector exp(FloatVector x) {
        FloatVector shifted = x.mul(LOG2_E).add(ROUNDING);
        FloatVector n = shifted.sub(ROUNDING);
        FloatVector r = n.fma(constant(-LN2_HIGH), x);
        r = n.fma(constant(-LN2_LOW), r);
        FloatVector p = constant(1.9875691500e-4f);
        p = p.fma(r, constant(1.3981999507e-3f));
        p = p.fma(r, constant(8.3334519073e-3f));
        p = p.fma(r, constant(4.1665795894e-2f));
        p = p.fma(r, constant(1.6666665459e-1f));
        p = p.fma(r, constant(5.0000001201e-1f));
        p = p.fma(r.mul(r), r.add(1));
        // The exponent of 2^n, from the lowest bits of the shifted number; the bits above them fall off.
        IntVector exponent = shifted.reinterpretAsInts().add(127).lanewise(LSHL, 23);
        FloatVector result = p.mul(exponent.reinterpretAsFloats());
        result = result.blend(0, x.compare(LE, LOWEST));
        return result.blend(Float.POSITIVE_INFINITY, x.compare(GE, HIGHEST));
    }

    /** tanh(x) with an absolute error below 2e-7. */
    static FloatVector tanh(FloatVector x) {
        return constant(1).sub(constant(2).div(exp(x.add(x)).add(1)));
    }

    /** x · sigmoid(x) = x / (1 + e^-x); 0 where e^-x is infinite. */
    static FloatVector silu(FloatVector x) {
        return x.div(exp(x.neg()).add(1));
    }

    /** The tanh form of GELU, as x · sigmoid(2 √(2/π) · (x + 0.044715 x³)). */
    static FloatVector gelu(FloatVector x) {
        FloatVector inner = x.mul(x).fma(constant(0.044715f), constant(1)).mul(x);
        return x.div(exp(inner.mul(-1.5957691216f)).add(1));
    }

    private static FloatVector constant(float value) {
        return FloatVector.broadcast(Lanes.FLOATS, value);
    }
}
