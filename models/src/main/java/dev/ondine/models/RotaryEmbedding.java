package dev.ondine.models;

import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.RotaryAngles;
import java.lang.foreign.Arena;

/** The rotary position embedding of a model: turns positions into cosines and sines, once per step for all layers. */
final class RotaryEmbedding {

    private final float[] inverseFrequencies;
    private final float magnitude;
    private final RotaryAngles angles;

    /**
     * @param inverseFrequencies radians per position of each channel pair, scaling included
     * @param magnitude          factor on cosines and sines; 1 but for YaRN
     * @param capacityRows       most rows of a batch
     */
    RotaryEmbedding(Arena arena, float[] inverseFrequencies, float magnitude, RotaryAngles.Pairing pairing, int capacityRows) {
        this.inverseFrequencies = inverseFrequencies;
        this.magnitude = magnitude;
        this.angles = new RotaryAngles(Matrix.allocate(arena, capacityRows, inverseFrequencies.length),
                Matrix.allocate(arena, capacityRows, inverseFrequencies.length), pairing);
    }

    /** The angles of these positions; valid until the next call. */
    RotaryAngles at(int[] positions, int rows) {
        angles.cosines().setRows(rows);
        angles.sines().setRows(rows);
        for (int row = 0; row < rows; row++) {
            for (int pair = 0; pair < inverseFrequencies.length; pair++) {
                // Rounded to float before the cosine, as the reference implementations do: long contexts show the difference.
                float angle = positions[row] * inverseFrequencies[pair];
                angles.cosines().set(row, pair, (float) Math.cos(angle) * magnitude);
                angles.sines().set(row, pair, (float) Math.sin(angle) * magnitude);
            }
        }
        return angles;
    }
}
