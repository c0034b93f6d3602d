package dev.ondine.models;

import dev.ondine.files.Metadata;
import dev.ondine.files.ModelFileException;
import dev.ondine.tensor.Tensor;
import java.util.Arrays;

/** How a model stretches its rotary frequencies beyond the context it was first trained for. */
sealed interface RopeScaling {

    /** Frequencies as trained. */
    record None() implements RopeScaling {

        @Override
        public double scaled(double trained, int pair, int rotaryDim, float base) {
            return trained;
        }
    }

    /**
     * Every frequency divided by the factor.
     *
     * @see <a href="https://arxiv.org/abs/2306.15595">arXiv:2306.15595</a>
     */
    record Linear(float factor) implements RopeScaling {

        @Override
        public double scaled(double trained, int pair, int rotaryDim, float base) {
            return trained / factor;
        }
    }

    /**
     * High frequencies kept, low ones divided, a ramp between. Correction bounds are whole pair indices, as llama.cpp rounds them.
     *
     * @param magnitude factor on cosines and sines, the attention temperature
     * @see <a href="https://arxiv.org/abs/2309.00071">arXiv:2309.00071</a>
     */
    record Yarn(float factor, int originalContext, float betaFast, float betaSlow, float magnitude) implements RopeScaling {

        @Override
        public double scaled(double trained, int pair, int rotaryDim, float base) {
            double low = Math.max(0, Math.floor(correction(betaFast, rotaryDim, base)));
            double high = Math.min(rotaryDim - 1, Math.ceil(correction(betaSlow, rotaryDim, base)));
            double kept = 1 - Math.clamp((pair - low) / Math.max(0.001, high - low), 0.0, 1.0);
            return trained / factor * (1 - kept) + trained * kept;
        }

        /** The pair index whose wave turns this many times over the original context. */
        private double correction(float turns, int rotaryDim, float base) {
            return rotaryDim * Math.log(originalContext / (turns * 2 * Math.PI)) / (2 * Math.log(base));
        }
    }

    /** Reads {@code rope.scaling.*}. */
    static RopeScaling of(ModelFile file) {
        Metadata metadata = file.metadata();
        float factor = metadata.number(file.key("rope.scaling.factor"), metadata.number(file.key("rope.scale_linear"), 1f));
        String type = metadata.string(file.key("rope.scaling.type"), factor == 1f ? "none" : "linear");
        if (!(factor > 0)) {
            throw new ModelFileException(file.name(), "%s is %s, expected a positive number"
                    .formatted(file.key("rope.scaling.factor"), factor));
        }
        return switch (type) {
            case "none" -> new None();
            case "linear" -> new Linear(factor);
            case "yarn" -> yarn(file, factor);
            default -> throw new ModelFileException(file.name(), "%s is \"%s\", expected none, linear or yarn"
                    .formatted(file.key("rope.scaling.type"), type));
        };
    }

    private static Yarn yarn(ModelFile file, float factor) {
        Metadata metadata = file.metadata();
        float attention = metadata.number(file.key("rope.scaling.attn_factor"), 1f);
        return new Yarn(factor,
                metadata.integer(file.key("rope.scaling.original_context_length"), metadata.integer(file.key("context_length"))),
                metadata.number(file.key("rope.scaling.yarn_beta_fast"), 32f),
                metadata.number(file.key("rope.scaling.yarn_beta_slow"), 1f),
                attention * (1f + 0.1f * (float) Math.log(Math.max(1f, factor))));
    }

    /** Factor on cosines and sines. */
    default float magnitude() {
        return 1;
    }

    /** A trained frequency, in radians per position of this channel pair, as this scaling changes it. */
    double scaled(double trained, int pair, int rotaryDim, float base);

    /**
     * Radians per position of each channel pair.
     *
     * @param factors divisors [rotaryDim / 2] that the file itself brings ({@code rope_freqs.weight}), or null
     */
    default float[] inverseFrequencies(int rotaryDim, float base, Tensor factors) {
        float[] divisors = new float[rotaryDim / 2];
        Arrays.fill(divisors, 1f);
        if (factors != null) {
            factors.decodeRow(0, divisors, 0);
        }
        float[] frequencies = new float[rotaryDim / 2];
        for (int pair = 0; pair < frequencies.length; pair++) {
            double trained = Math.pow(base, -2.0 * pair / rotaryDim) / divisors[pair];
            frequencies[pair] = (float) scaled(trained, pair, rotaryDim, base);
        }
        return frequencies;
    }
}
