package dev.ondine.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {

    private static final int[] NOTHING = {};

    private static SamplingOptions options(float temperature, int topK, float topP, float minP, float typicalP) {
        return new SamplingOptions(temperature, topK, topP, minP, typicalP, 1, 0, 0, 64, Map.of(), 1);
    }

    private static SamplingOptions greedyWith(float repetition, float presence, float frequency, Map<Integer, Float> bias) {
        return new SamplingOptions(0, 0, 1, 0, 1, repetition, presence, frequency, 4, bias, 1);
    }

    private static Logits logits(double... values) {
        Logits logits = new Logits(values.length);
        for (int token = 0; token < values.length; token++) {
            logits.set(token, (float) values[token]);
        }
        return logits;
    }

    private static Logits ofProbabilities(double... probabilities) {
        return logits(Arrays.stream(probabilities).map(Math::log).toArray());
    }

    /** How often each token was drawn, as a fraction. */
    private static double[] frequencies(SamplingOptions options, double... probabilities) {
        Sampler sampler = new Sampler(options, new SamplingRoom(probabilities.length));
        double[] counts = new double[probabilities.length];
        int draws = 20_000;
        for (int draw = 0; draw < draws; draw++) {
            counts[sampler.sample(ofProbabilities(probabilities), NOTHING, 0)] += 1.0 / draws;
        }
        return counts;
    }

    private static void assertFrequencies(double[] found, double... expected) {
        for (int token = 0; token < expected.length; token++) {
            assertThat(found[token]).as("token %d", token).isCloseTo(expected[token], within(expected[token] == 0 ? 0 : 0.02));
        }
    }

    @Test
    void temperatureZeroPicksTheLikeliestAndTheLowestIdAmongEquals() {
        assertThat(new Sampler(SamplingOptions.GREEDY, new SamplingRoom(4)).sample(logits(1, 3, 3, -1), NOTHING, 0)).isEqualTo(1);
    }

    @Test
    void notANumberIsNeverPicked() {
        assertThat(logits(Double.NaN, -5, Double.NaN, -7).argmax()).isEqualTo(1);
        Sampler sampler = new Sampler(options(1, 0, 1, 0, 1), new SamplingRoom(3));
        assertThat(IntStream.range(0, 100).map(_ -> sampler.sample(logits(Double.NaN, 0, 0), NOTHING, 0))).doesNotContain(0);
    }

    @Test
    void drawsByProbability() {
        assertFrequencies(frequencies(options(1, 0, 1, 0, 1), 0.5, 0.3, 0.15, 0.05), 0.5, 0.3, 0.15, 0.05);
    }

    @Test
    void temperatureSharpensAndFlattens() {
        assertFrequencies(frequencies(options(0.5f, 0, 1, 0, 1), 0.8, 0.2), 0.64 / 0.68, 0.04 / 0.68);
        assertFrequencies(frequencies(options(2, 0, 1, 0, 1), 0.8, 0.2), 2 / 3.0, 1 / 3.0);
    }

    @Test
    void topKKeepsTheLikeliest() {
        assertFrequencies(frequencies(options(1, 2, 1, 0, 1), 0.1, 0.4, 0.3, 0.2), 0, 4 / 7.0, 3 / 7.0, 0);
    }

    @Test
    void topPKeepsTheSmallestSetThatReachesIt() {
        assertFrequencies(frequencies(options(1, 0, 0.7f, 0, 1), 0.5, 0.3, 0.15, 0.05), 0.625, 0.375, 0, 0);
        assertFrequencies(frequencies(options(1, 0, 0.01f, 0, 1), 0.5, 0.3, 0.15, 0.05), 1, 0, 0, 0);
    }

    @Test
    void minPKeepsAFractionOfTheLikeliest() {
        assertFrequencies(frequencies(options(1, 0, 1, 0.4f, 1), 0.5, 0.3, 0.15, 0.05), 0.625, 0.375, 0, 0);
    }

    @Test
    void typicalKeepsWhatSurprisesAsMuchAsExpected() {
        // Entropy 1.09 nats; surprises 0.51, 1.61, 2.21, 2.41: the second is closest, then the first.
        assertFrequencies(frequencies(options(1, 0, 1, 0, 0.15f), 0.6, 0.2, 0.11, 0.09), 0, 1, 0, 0);
        assertFrequencies(frequencies(options(1, 0, 1, 0, 0.5f), 0.6, 0.2, 0.11, 0.09), 0.75, 0.25, 0, 0);
    }

    @Test
    void topKEqualsTheFrontOfAFullSort() {
        Random random = new Random(5);
        for (int round = 0; round < 300; round++) {
            int size = 1 + random.nextInt(200);
            Logits logits = logits(random.doubles(size, -3, 3).map(value -> Math.rint(value * 4)).toArray());
            int limit = 1 + random.nextInt(size);
            Probabilities all = new Probabilities(size).of(logits, 0);
            Probabilities front = new Probabilities(size).of(logits, limit);
            for (int index = 0; index < limit; index++) {
                assertThat(front.token(index)).isEqualTo(all.token(index));
            }
        }
    }

    @Test
    void penaltiesActOnTheLastTokensOnly() {
        int[] history = {3, 0, 0, 1, 1};
        assertThat(new Sampler(greedyWith(2, 0, 0, Map.of()), new SamplingRoom(4)).sample(logits(4, 3, 1, 3.5), history, 5)).isEqualTo(3);
        assertThat(new Sampler(greedyWith(2, 0, 0, Map.of()), new SamplingRoom(3)).sample(logits(-1, -1.5, -1.9), new int[] {0, 1}, 2)).isEqualTo(2);
        assertThat(new Sampler(greedyWith(1, 1.5f, 0, Map.of()), new SamplingRoom(3)).sample(logits(2, 1, 0.4), new int[] {0}, 1)).isEqualTo(1);
        assertThat(new Sampler(greedyWith(1, 0, 0.6f, Map.of()), new SamplingRoom(3)).sample(logits(2, 1, 0.4), new int[] {0, 0}, 2)).isEqualTo(1);
    }

    @Test
    void biasCanForceAndForbid() {
        assertThat(new Sampler(greedyWith(1, 0, 0, Map.of(2, 100f)), new SamplingRoom(3)).sample(logits(9, 1, 0), NOTHING, 0)).isEqualTo(2);
        assertThat(new Sampler(greedyWith(1, 0, 0, Map.of(0, Float.NEGATIVE_INFINITY)), new SamplingRoom(3)).sample(logits(9, 1, 0), NOTHING, 0)).isEqualTo(1);
    }

    @Test
    void sameSeedSameTokens() {
        assertThat(drawn(7)).isEqualTo(drawn(7)).isNotEqualTo(drawn(8));
    }

    private static int[] drawn(long seed) {
        Sampler sampler = new Sampler(new SamplingOptions(1, 0, 1, 0, 1, 1, 0, 0, 64, Map.of(), seed), new SamplingRoom(50));
        return IntStream.range(0, 40).map(_ -> sampler.sample(new Logits(50), NOTHING, 0)).toArray();
    }

    @Test
    void refusesValuesOutsideTheirRange() {
        assertThatThrownBy(() -> options(-1, 0, 1, 0, 1)).hasMessage("temperature is -1.0, expected 0 to 100");
        assertThatThrownBy(() -> options(Float.NaN, 0, 1, 0, 1)).hasMessageContaining("temperature");
        assertThatThrownBy(() -> options(1, -1, 1, 0, 1)).hasMessageContaining("top-k");
        assertThatThrownBy(() -> options(1, 0, 0, 0, 1)).hasMessageContaining("top-p");
        assertThatThrownBy(() -> options(1, 0, 1, 2, 1)).hasMessageContaining("min-p");
        assertThatThrownBy(() -> new Sampler(greedyWith(1, 0, 0, Map.of(3, 1f)), new SamplingRoom(3))).hasMessageContaining("0 to 2");
    }
}
