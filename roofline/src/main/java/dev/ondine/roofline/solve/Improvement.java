package dev.ondine.roofline.solve;

import dev.ondine.roofline.plan.Plan;

/**
 * A change to a request and what it brings.
 *
 * @param change   in words: {@code 4.5 instead of 8.5 bits a weight}
 * @param remark   that follows: {@code Q4_0; quality 1 % lower by the proxy}; may be empty
 * @param plan     with the change in its request
 * @param gain     times as fast; infinite where the speed was unknown
 * @param nowFits  whether it makes a model fit that did not
 * @param aim      that the gain is of
 */
public record Improvement(String change, String remark, Plan plan, double gain, boolean nowFits, Aim aim) {

    /** {@code 4.5 instead of 8.5 bits a weight: 1.8 times as fast (Q4_0)}. */
    public String words() {
        String gained = Double.isInfinite(gain) ? aim.words(plan) : Words.rough(gain) + " times as fast";
        String fits = nowFits ? "fits, " : "";
        return "%s: %s%s%s".formatted(change, fits, gained, remark.isEmpty() ? "" : " (" + remark + ")");
    }
}
