package dev.ondine.roofline.plan;

import dev.ondine.roofline.cost.Bound;

/**
 * A speed and what limits it.
 *
 * @param tokensPerSecond NaN where the device's figures do not tell
 */
public record Rate(double tokensPerSecond, Bound bound) {

    public boolean isKnown() {
        return !Double.isNaN(tokensPerSecond);
    }
}
