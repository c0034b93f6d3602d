package dev.ondine.roofline.formula;

import static dev.ondine.roofline.formula.Published.assertDigits;
import static dev.ondine.roofline.formula.Published.exactly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashSet;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExpertCacheTest {

    private static final double EXPERT_WEIGHTS = 3.0 * 4096 * 14_336;
    private static final double SHARED_WEIGHTS = 1_605_636_096;

    /** HQQ's 2-bit groups of 16 take 2.6 bits in practice. */
    private static final double HQQ_2_BITS = 2.6;

    @ParameterizedTest(name = "batch {0}: {1} of 8")
    @CsvSource({"1, 2.0", "2, 3.5", "4, 5.5", "8, 7.2", "16, 7.9"})
    @DisplayName("Mixtral: experts of a layer that a batch touches")
    void union(int batch, String touched) {
        assertDigits(ExpertUnion.expected(8, 2, batch), touched);
    }

    @Test
    @DisplayName("deck D.6: Mixtral in 4.5 bits reads 7.24 GB per token of 26.3 GB: 10.6 tokens/s at 76.8 GB/s")
    void mixtral() {
        ExpertCache all = mixtral(8, 4.5, 4.5);
        assertDigits(all.bytesPerToken() / 1e9, "7.24");
        assertDigits(all.residentBytes() / 1e9, "26.3");
        assertDigits(1 / all.secondsPerToken(1, 76.8e9, 4.2e9), "10.6");
        assertThat(all.batchBytes(10_000)).isEqualTo(all.residentBytes(), Offset.offset(1.0));
    }

    @Test
    @DisplayName("Eliseev and Mazur: experts are 45.1B of 46.7B weights, 96.6 %")
    void shares() {
        double experts = 32 * 8 * EXPERT_WEIGHTS;
        assertDigits(experts / 1e9, "45.1");
        assertDigits(100 * experts / (experts + SHARED_WEIGHTS), "96.6");
    }

    /**
     * The paper states neither the bus's rate nor the card's own time, so both come from two rows: naively all experts of a layer
     * cross the bus, without a cache those of the token. The third row is then predicted, with even routing.
     */
    @ParameterizedTest(name = "{0}, {1} of 8 experts cached: {2} tokens/s naively, {3} without cache, {4} with")
    @CsvSource({"A100, 4, 1.392, 2.265, 2.918", "3080 mobile, 4, 1.059, 1.758, 2.227", "3060, 2, 0.919, 1.547, 2.051",
        "T4, 4, 0.661, 1.168, 1.567"})
    @DisplayName("Eliseev and Mazur, Table 2, experts of 2 bits: what the cache gains")
    void offloading(String card, int cached, double naive, double without, double with) {
        ExpertCache cache = mixtral(cached, HQQ_2_BITS, 4);
        double everyExpert = 32 * 8 * cache.expertBytes();
        double link = (everyExpert - cache.missedBytes(0)) / (1 / naive - 1 / without);
        double own = 1 / without - cache.missedBytes(0) / link;
        double memory = cache.bytesPerToken() / own;
        assertThat(1 / cache.secondsPerToken(0, memory, link)).isEqualTo(without, exactly());
        double predicted = 1 / cache.secondsPerToken(cache.evenHitRatio(), memory, link);
        Published.show("Eliseev and Mazur, tokens/s with LRU: " + card, predicted, with);
        assertThat(predicted).isBetween(without, with);
    }

    @Test
    void evenRoutingHitsAsOftenAsThereIsRoom() {
        for (int slots = 0; slots <= 8; slots++) {
            ExpertCache cache = mixtral(slots, 4, 4);
            assertThat(cache.recencyHitRatio(0)).isEqualTo(slots / 8.0, exactly());
            assertThat(cache.pinnedHitRatio(0)).isEqualTo(slots / 8.0, exactly());
        }
    }

    @ParameterizedTest(name = "{0} experts, {1} slots, skew {2}")
    @CsvSource({"8, 4, 0", "8, 2, 1", "64, 16, 0.8", "128, 32, 1.2", "256, 64, 0.5"})
    @DisplayName("Che, Tung, Wang: the hit ratio of a simulated least-recently-used cache")
    void recency(int experts, int slots, double skew) {
        ExpertCache cache = new ExpertCache(1, experts, 1, slots, 1, 0);
        double simulated = simulatedHits(experts, slots, skew);
        assertThat(cache.recencyHitRatio(skew)).isEqualTo(simulated, Offset.offset(0.02));
        assertThat(cache.pinnedHitRatio(skew)).isGreaterThan(simulated - 0.01);
    }

    private static double simulatedHits(int experts, int slots, double skew) {
        double[] upTo = new double[experts];
        double sum = 0;
        for (int rank = 0; rank < experts; rank++) {
            sum += Math.pow(rank + 1, -skew);
            upTo[rank] = sum;
        }
        Random chance = new Random(3);
        LinkedHashSet<Integer> held = new LinkedHashSet<>();
        int hits = 0;
        int uses = 300_000;
        for (int use = 0; use < uses; use++) {
            double drawn = chance.nextDouble() * sum;
            int expert = 0;
            while (upTo[expert] < drawn) {
                expert++;
            }
            hits += held.remove(expert) ? 1 : 0;
            held.add(expert);
            if (held.size() > slots) {
                held.remove(held.getFirst());
            }
        }
        return (double) hits / uses;
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> mixtral(9, 4, 4)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("number of slots is 9, expected 0 to 8");
    }

    private static ExpertCache mixtral(int slots, double expertBits, double sharedBits) {
        return new ExpertCache(32, 8, 2, slots, EXPERT_WEIGHTS * expertBits / 8, SHARED_WEIGHTS * sharedBits / 8);
    }
}
