package dev.ondine.roofline.formula;

import static dev.ondine.roofline.formula.Published.assertDigits;
import static dev.ondine.roofline.formula.Published.exactly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Batches, parked caches and prompts with passages. */
final class ServingTest {

    @Test
    @DisplayName("Orca: 0.185 and 6.81 requests/s at 190 ms a token are 36.9 times apart, as far as their digits say")
    void orca() {
        Published.show("Orca, 175B, times more requests", 6.81 / 0.185, 36.9);
        assertThat(36.9).isBetween(6.805 / 0.1855 - 0.05, 6.815 / 0.1845 + 0.05);
    }

    @Test
    @DisplayName("Orca: a request that is done leaves, and the next one takes its slot")
    void continuousBatching() {
        int[] lengths = {2, 8, 3, 5};
        long[] whole = BatchSchedule.wholeBatches(lengths, 2);
        long[] each = BatchSchedule.eachStep(lengths, 2);
        assertThat(whole).containsExactly(8, 8, 13, 13);
        assertThat(each).containsExactly(2, 8, 5, 10);
        assertThat(BatchSchedule.makespan(whole)).isEqualTo(13);
        assertThat(BatchSchedule.makespan(each)).isEqualTo(10);
        assertThat(BatchSchedule.meanSteps(whole)).isEqualTo(10.5, exactly());
        assertThat(BatchSchedule.meanSteps(each)).isEqualTo(6.25, exactly());
    }

    @Test
    void noRequestLeavesLaterThanWithItsWholeBatch() {
        Random chance = new Random(5);
        for (int trial = 0; trial < 200; trial++) {
            int[] lengths = chance.ints(1 + chance.nextInt(40), 1, 100).toArray();
            int slots = 1 + chance.nextInt(8);
            long[] whole = BatchSchedule.wholeBatches(lengths, slots);
            long[] each = BatchSchedule.eachStep(lengths, slots);
            for (int i = 0; i < lengths.length; i++) {
                assertThat(each[i]).isBetween((long) lengths[i], whole[i]);
            }
        }
    }

    @Test
    void emptyQueueIsDoneAtOnce() {
        assertThat(BatchSchedule.makespan(BatchSchedule.eachStep(new int[0], 4))).isZero();
        assertThatThrownBy(() -> BatchSchedule.eachStep(new int[] {1}, 0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("slots is 0");
    }

    @Test
    @DisplayName("deck E.2: the 1 GiB cache of 7B at 2k goes to UFS 4.0 in 0.38 s, or is computed again in 6 to 17 s")
    void parked() {
        ParkedCache cache = new ParkedCache(2048 * TransformerWork.cacheBytesPerToken(32, 32, 128, 2), 2048);
        assertThat(cache.bytes()).isEqualTo(1L << 30);
        assertDigits(cache.transferSeconds(2.8e9), "0.38");
        assertDigits(cache.recomputeSeconds(330), "6");
        assertDigits(cache.recomputeSeconds(121), "17");
        assertThat(cache.swapSeconds(2.8e9, 4.2e9)).isEqualTo(cache.transferSeconds(2.8e9) + cache.transferSeconds(4.2e9), exactly());
        assertThat(cache.swapIsFaster(2.8e9, 4.2e9, 330)).isTrue();
        assertThat(cache.swapIsFaster(2.8e9, 4.2e9, 10_000)).isFalse();
    }

    @Test
    void passagesDelayTheFirstToken() {
        RetrievalPrompt prompt = new RetrievalPrompt(5, 130, 40);
        assertThat(prompt.promptTokens()).isEqualTo(690);
        assertThat(prompt.addedSeconds(330)).isEqualTo(650 / 330.0, exactly());
        assertThatThrownBy(() -> new RetrievalPrompt(-1, 100, 10)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("chunks is -1");
    }

    @Test
    @DisplayName("RAG: 21M passages of 768 numbers, beside the 100 GB that the paper needs")
    void index() {
        double bytes = RetrievalPrompt.indexBytes(21e6, 768, 4, 0);
        Published.show("RAG, index of Wikipedia, vectors alone, GB", bytes / 1e9, 100);
        Published.show("RAG, index of Wikipedia, 256 links a passage, GB", RetrievalPrompt.indexBytes(21e6, 768, 4, 256) / 1e9, 100);
        assertDigits(bytes / 1e9, "64.5");
        assertThat(RetrievalPrompt.indexBytes(1000, 384, 1, 32)).isEqualTo(1000 * (384 + 128));
    }
}
