package dev.ondine.roofline.formula;

import static dev.ondine.roofline.formula.Published.assertDigits;
import static dev.ondine.roofline.formula.Published.exactly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LinkedSpeculationTest {

    @Test
    @DisplayName("deck D.7: α 0.8, γ 5, 10 ms a token, 50 ms away, 30 ms a check: 3.69 / 130 ms = 28.4 tokens/s, cloud 33.3")
    void example() {
        LinkedSpeculation link = new LinkedSpeculation(0.8, 10e-3, 50e-3, 30e-3);
        assertDigits(1e3 * link.roundSeconds(5), "130");
        assertDigits(link.cloudTokensPerPass(5), "3.69");
        assertDigits(link.tokensPerSecond(5), "28.4");
        assertDigits(link.gainOverCloud(5, 30e-3), "0.85");
        assertThat(link.gainOverDevice(5, 0.1)).isEqualTo(link.tokensPerSecond(5) / 10, exactly());
        assertThat(link.cloudShare(5)).isEqualTo(30.0 / 130, exactly());
    }

    /** A check takes 1.1 times as long as a token of the cloud; drafts of 1 to 12 tokens. */
    @ParameterizedTest(name = "cloud {0} ms, device {1} ms: {2}, {3}, {4}")
    @CsvSource({
        "20, 5, 7, 27, 67", "20, 10, 0, 7, 22", "20, 20, never, never, never", "20, 50, never, never, never",
        "33, 5, 21, 67, 150", "33, 10, 8, 35, 90", "33, 20, never, 4, 19", "33, 50, never, never, never",
        "50, 5, 40, 124, 258", "50, 10, 24, 83, 198", "50, 20, 5, 33, 91", "50, 50, never, never, never",
        "100, 5, 103, 303, 576", "100, 10, 81, 247, 516", "100, 20, 48, 166, 396", "100, 50, 0, 35, 112"})
    @DisplayName("facts on device and cloud, 2.2: the longest round trip, in ms, that still wins at α 0.6, 0.8, 0.9")
    void breakEven(double cloud, double device, String often, String mostly, String nearlyAlways) {
        assertBreakEven(0.6, cloud, device, often);
        assertBreakEven(0.8, cloud, device, mostly);
        assertBreakEven(0.9, cloud, device, nearlyAlways);
    }

    private static void assertBreakEven(double acceptance, double cloud, double device, String printed) {
        double longest = 1e3 * new LinkedSpeculation(acceptance, device / 1e3, 0, 1.1 * cloud / 1e3).breakEvenRoundTrip(cloud / 1e3, 12);
        if (printed.equals("never")) {
            assertThat(longest).isNegative();
        } else {
            assertDigits(longest, printed);
        }
    }

    @Test
    @DisplayName("facts on device and cloud, 2.2: 100 tokens/s drafted, α 0.8, 50 ms to a cloud of 50 tokens/s: 30 tokens/s")
    void phone() {
        LinkedSpeculation link = new LinkedSpeculation(0.8, 10e-3, 50e-3, 1.1 * 20e-3);
        double rate = link.tokensPerSecond(link.bestDraft(12));
        assertDigits(rate, "30");
        assertThat(link.gainOverCloud(link.bestDraft(12), 20e-3)).isLessThan(1);
    }

    @Test
    void atTheBreakEvenTheBestDraftIsAsFastAsTheCloud() {
        double longest = new LinkedSpeculation(0.8, 10e-3, 0, 30e-3, 1e-3).breakEvenRoundTrip(50e-3, 32);
        LinkedSpeculation link = new LinkedSpeculation(0.8, 10e-3, longest, 30e-3, 1e-3);
        double best = 0;
        for (int tokens = 1; tokens <= 32; tokens++) {
            best = Math.max(best, link.gainOverCloud(tokens, 50e-3));
        }
        assertThat(best).isEqualTo(1, exactly());
        assertThat(link.gainOverCloud(link.bestDraft(32), 50e-3)).isEqualTo(best);
    }

    @Test
    @DisplayName("longer links want longer drafts, by the logarithm of the delay (UCB-SpecStop, arXiv 2606.20591)")
    void bestDraftGrowsSlowly() {
        int near = new LinkedSpeculation(0.8, 10e-3, 10e-3, 30e-3).bestDraft(64);
        int far = new LinkedSpeculation(0.8, 10e-3, 100e-3, 30e-3).bestDraft(64);
        int farther = new LinkedSpeculation(0.8, 10e-3, 1, 30e-3).bestDraft(64);
        assertThat(near).isLessThan(far);
        assertThat(far).isLessThan(farther).isLessThan(near * 3);
    }

    @Test
    void draftingOnHidesTheLinkWhereAllIsAccepted() {
        LinkedSpeculation sure = new LinkedSpeculation(1, 10e-3, 100e-3, 30e-3);
        assertThat(sure.overlappedRoundSeconds(5)).isEqualTo(130e-3, exactly());
        LinkedSpeculation hopeless = new LinkedSpeculation(0, 10e-3, 100e-3, 30e-3);
        assertThat(hopeless.overlappedRoundSeconds(5)).isEqualTo(hopeless.roundSeconds(5), exactly());
    }

    /** Plays rounds one by one, with chance deciding what is accepted and whether the cloud's own token was guessed. */
    @ParameterizedTest(name = "α {0}, γ {1}, RTT {2} s")
    @CsvSource({"0.8, 5, 0.05", "0.95, 4, 0.01", "0.9, 8, 0.2", "0.6, 2, 0"})
    void overlapIsWhatPlayingRoundsGives(double acceptance, int draft, double roundTrip) {
        LinkedSpeculation link = new LinkedSpeculation(acceptance, 10e-3, roundTrip, 30e-3);
        Random chance = new Random(11);
        double clock = 0;
        double drafting = draft * 10e-3;
        long tokens = 0;
        for (int round = 0; round < 300_000; round++) {
            clock += drafting + roundTrip + 30e-3;
            int accepted = 0;
            while (accepted < draft && chance.nextDouble() < acceptance) {
                accepted++;
            }
            tokens += accepted + 1;
            boolean guessed = accepted == draft && chance.nextDouble() < acceptance;
            double ahead = Math.max(0, (roundTrip + 30e-3) - 10e-3);
            drafting = guessed ? Math.max(0, draft * 10e-3 - ahead) : draft * 10e-3;
        }
        assertThat(link.overlappedTokensPerSecond(draft)).isCloseTo(tokens / clock, Percentage.withPercentage(1));
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> new LinkedSpeculation(0.5, 0.01, -1, 0.03)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("round trip is -1, expected at least 0");
    }
}
