package dev.ondine.explorer.simulate;

import java.util.random.RandomGenerator;

/** A number that is fixed, or drawn anew for each task. */
public sealed interface Amount {

    double draw(RandomGenerator random);

    /** Rounded, and at least one. */
    default int drawTokens(RandomGenerator random) {
        return Math.clamp(Math.round(draw(random)), 1, Integer.MAX_VALUE / 4);
    }

    /** Always the same. */
    record Fixed(double value) implements Amount {

        @Override
        public double draw(RandomGenerator random) {
            return value;
        }
    }

    /** So many of something that is worth a fixed number each. */
    record Times(double each, Amount count) implements Amount {

        @Override
        public double draw(RandomGenerator random) {
            return each * count.draw(random);
        }
    }

    /** Everything from least to most equally often. */
    record Uniform(double least, double most) implements Amount {

        @Override
        public double draw(RandomGenerator random) {
            return least + (most - least) * random.nextDouble();
        }
    }

    /**
     * A number whose logarithm is normal, as lengths of prompts and answers nearly are.
     *
     * @param median half of all draws are below
     * @param sigma  standard deviation of the natural logarithm
     * @param most   larger draws are cut to this
     */
    record Lognormal(double median, double sigma, double most) implements Amount {

        @Override
        public double draw(RandomGenerator random) {
            return Math.min(most, median * Math.exp(sigma * random.nextGaussian()));
        }
    }
}
