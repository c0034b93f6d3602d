package dev.ondine.explorer.validate;

import dev.ondine.roofline.catalogue.PublishedRate;

/**
 * A prediction beside a speed that somebody else measured.
 *
 * @param deviceName as its maker writes it
 * @param modelName  as its maker writes it
 * @param predicted  in the unit of the published result; NaN where a figure of the device is unknown
 */
public record PublishedResidual(PublishedRate published, String deviceName, String modelName, double predicted) {

    public boolean isKnown() {
        return !Double.isNaN(predicted);
    }

    /** Signed: 0.05 means that 5 % more was predicted than published. */
    public double relative() {
        return predicted / published.result().value() - 1;
    }
}
