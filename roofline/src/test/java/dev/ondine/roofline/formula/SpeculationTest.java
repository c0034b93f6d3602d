package dev.ondine.roofline.formula;

import static dev.ondine.roofline.formula.Published.assertDigits;
import static dev.ondine.roofline.formula.Published.exactly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tables of Leviathan, Kalman, Matias.
 *
 * @see <a href="https://arxiv.org/abs/2211.17192">Fast Inference from Transformers via Speculative Decoding</a>
 */
final class SpeculationTest {

    @ParameterizedTest(name = "α {0}, γ {1}: operations x {2}, speed x {3}")
    @CsvSource({"0.6, 2, 1.53, 1.96", "0.7, 3, 1.58, 2.53", "0.8, 2, 1.23, 2.44", "0.8, 5, 1.63, 3.69", "0.9, 2, 1.11, 2.71",
        "0.9, 10, 1.60, 6.86"})
    @DisplayName("Leviathan, Table 1, with a draft that costs nothing")
    void firstTable(double acceptance, int draft, String operations, String speed) {
        assertDigits(Speculation.operationsFactor(acceptance, draft, 0), operations);
        assertDigits(Speculation.speedUp(acceptance, draft, 0), speed);
    }

    /** The paper prints α and c rounded to two digits, so what it expects may lie anywhere between their ends. */
    @ParameterizedTest(name = "{0}: α {2}, γ {1}, c {3}: {4} expected")
    @CsvSource({
        "EnDe T=0 small, 7, 0.75, 0.02, 3.2, 3.4", "EnDe T=0 base, 7, 0.80, 0.04, 3.3, 2.8", "EnDe T=0 large, 7, 0.82, 0.11, 2.5, 1.7",
        "EnDe T=1 small, 7, 0.62, 0.02, 2.3, 2.6", "EnDe T=1 base, 5, 0.68, 0.04, 2.4, 2.4", "EnDe T=1 large, 3, 0.71, 0.11, 2.0, 1.4",
        "CNNDM T=0 small, 5, 0.65, 0.02, 2.4, 3.1", "CNNDM T=0 base, 5, 0.73, 0.04, 2.6, 3.0", "CNNDM T=0 large, 3, 0.74, 0.11, 2.0, 2.2",
        "CNNDM T=1 small, 5, 0.53, 0.02, 1.9, 2.3", "CNNDM T=1 base, 3, 0.55, 0.04, 1.8, 2.2", "CNNDM T=1 large, 3, 0.56, 0.11, 1.6, 1.7"})
    @DisplayName("Leviathan, Table 4: T5-XXL, expected speed to 0.1")
    void fourthTable(String task, int draft, double acceptance, double cost, double expected, double measured) {
        double predicted = Speculation.speedUp(acceptance, draft, cost);
        assertThat(predicted).isEqualTo(expected, Offset.offset(0.1));
        assertThat(expected - 0.05).isLessThanOrEqualTo(Speculation.speedUp(acceptance + 0.005, draft, cost - 0.005));
        assertThat(expected + 0.05).isGreaterThanOrEqualTo(Speculation.speedUp(acceptance - 0.005, draft, cost + 0.005));
        Published.show("Leviathan, Table 4, measured speed: " + task, predicted, measured);
    }

    @Test
    @DisplayName("Leviathan, section 4: a bigram draft accepted at 0.2 gains 1.25 with γ = 3")
    void bigram() {
        assertDigits(Speculation.speedUp(0.2, 3, 0), "1.25");
    }

    @ParameterizedTest(name = "α {0}, c {1}: γ* {2}, x {3}")
    @CsvSource({
        "0.5, 0.02, 4, 1.79", "0.6, 0.02, 6, 2.17", "0.7, 0.02, 8, 2.76", "0.8, 0.02, 11, 3.82", "0.9, 0.02, 19, 6.37",
        "0.5, 0.1, 2, 1.46", "0.6, 0.1, 3, 1.67", "0.7, 0.1, 4, 1.98", "0.8, 0.1, 6, 2.47", "0.9, 0.1, 10, 3.43",
        "0.5, 0.2, 1, 1.25", "0.6, 0.2, 2, 1.40", "0.7, 0.2, 3, 1.58", "0.8, 0.2, 4, 1.87", "0.9, 0.2, 7, 2.37"})
    @DisplayName("deck D.7: the best lengths and what they gain")
    void bestDraft(double acceptance, double cost, int best, String gain) {
        assertDigits(Speculation.speedUp(acceptance, best, cost), gain);
        // At α 0.5 and c 0.2, drafts of 1 and 2 tokens gain the same.
        int found = Speculation.bestDraft(acceptance, cost, 64);
        assertThat(found).isBetween(best, best + 1);
        assertThat(Speculation.speedUp(acceptance, found, cost)).isEqualTo(Speculation.speedUp(acceptance, best, cost), exactly());
    }

    @Test
    @DisplayName("Leviathan, Corollary 3.9: a draft helps if and only if α > c, and then gains (1 + α) / (1 + c) at least")
    void condition() {
        for (double acceptance = 0.05; acceptance < 1; acceptance += 0.1) {
            for (double cost = 0.02; cost < 1; cost += 0.1) {
                int best = Speculation.bestDraft(acceptance, cost, 200);
                assertThat(best > 0).as("α %s, c %s", acceptance, cost).isEqualTo(Speculation.helps(acceptance, cost));
                if (best > 0) {
                    assertThat(Speculation.speedUp(acceptance, best, cost))
                            .isGreaterThanOrEqualTo(Speculation.leastSpeedUp(acceptance, cost) - 1e-12);
                }
            }
        }
    }

    @Test
    void acceptanceIsTheInverse() {
        for (double acceptance : new double[] {0.01, 0.37, 0.8, 0.999}) {
            double gain = Speculation.speedUp(acceptance, 5, 0.07);
            assertThat(Speculation.acceptanceFor(gain, 5, 0.07)).isEqualTo(acceptance, exactly());
        }
        assertThat(Speculation.acceptanceFor(0.5, 5, 0.07)).isZero();
        assertThatThrownBy(() -> Speculation.acceptanceFor(7, 5, 0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("drafts of 5 tokens at cost 0.0 gain at most 6.00 times, wanted 7.0");
    }

    @Test
    void speedUpIsTheRatioOfRates() {
        double alone = 1 / 40e-3;
        assertThat(Speculation.tokensPerSecond(0.7, 4, 4e-3, 40e-3) / alone).isEqualTo(Speculation.speedUp(0.7, 4, 0.1), exactly());
    }

    @Test
    void endsOfTheRange() {
        assertThat(Speculation.expectedTokens(1, 5)).isEqualTo(6);
        assertThat(Speculation.expectedTokens(0, 5)).isEqualTo(1);
        assertThat(Speculation.expectedTokens(0.8, 0)).isEqualTo(1);
        assertThatThrownBy(() -> Speculation.expectedTokens(1.1, 5)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("acceptance is 1.1, expected 0 to 1");
    }

    @Test
    void expectationIsWhatChanceGives() {
        Random chance = new Random(7);
        long tokens = 0;
        int rounds = 200_000;
        for (int round = 0; round < rounds; round++) {
            int accepted = 0;
            while (accepted < 5 && chance.nextDouble() < 0.7) {
                accepted++;
            }
            tokens += accepted + 1;
        }
        assertThat((double) tokens / rounds).isEqualTo(Speculation.expectedTokens(0.7, 5), Offset.offset(0.02));
    }

    /**
     * A block of k tokens is k - 1 guesses and the one that is always right. The acceptance that explains k = 2 explains longer
     * blocks less and less: later heads guess worse.
     *
     * @see <a href="https://arxiv.org/abs/1811.03115">Stern, Shazeer, Uszkoreit: Blockwise Parallel Decoding</a>
     */
    @ParameterizedTest(name = "k {0}: {1}")
    @CsvSource({"2, 1.88", "4, 3.27", "6, 4.18", "8, 4.69", "10, 4.95"})
    @DisplayName("Stern, mean accepted block, beside constant acceptance of 0.88")
    void stern(int block, double accepted) {
        double predicted = Speculation.expectedTokens(0.88, block - 1);
        Published.show("Stern, mean accepted block of " + block, predicted, accepted);
        assertThat(accepted).isLessThanOrEqualTo(predicted + 1e-9).isLessThan(block);
    }
}
