package dev.ondine.explorer.validate;

import java.util.List;

/**
 * A model of the grid and what is measured of it.
 *
 * @param shape   one of the known shapes of random models
 * @param format  of its weights
 * @param heldOut whether nobody has looked at its residuals to tune the cost model
 */
public record Subject(String shape, String format, boolean heldOut, List<Measurement> measurements) {
}
