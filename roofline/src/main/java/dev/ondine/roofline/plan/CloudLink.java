package dev.ondine.roofline.plan;

import dev.ondine.roofline.cost.Efficiency;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.shape.Precision;

/**
 * The same model on another device, across a link.
 *
 * @param device           at the other end
 * @param efficiency       that it reaches
 * @param precision        of the weights there
 * @param roundTripSeconds of a message there and back
 */
public record CloudLink(Device device, Efficiency efficiency, Precision precision, double roundTripSeconds) {

    public CloudLink {
        if (!(roundTripSeconds >= 0 && roundTripSeconds <= 3600)) {
            throw new IllegalArgumentException("the round trip takes %s s, expected 0 to 3600".formatted(roundTripSeconds));
        }
    }

    public CloudLink withRoundTrip(double seconds) {
        return new CloudLink(device, efficiency, precision, seconds);
    }
}
