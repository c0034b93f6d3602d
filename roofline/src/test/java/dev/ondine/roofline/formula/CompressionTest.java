package dev.ondine.roofline.formula;

import static dev.ondine.roofline.formula.Published.exactly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pruned weights, adapters and recurrent states. */
final class CompressionTest {

    @ParameterizedTest(name = "{0} bits: {1} of the dense size")
    @CsvSource({"16, 0.5625", "8, 0.625", "4, 0.75"})
    @DisplayName("deck D.9: 2 of 4 weights, each with 2 bits of index: 9/16 at FP16, 3/4 at INT4")
    void twoOfFour(double bits, double share) {
        assertThat(Sparsity.structuredBits(2, 4, bits) / bits).isEqualTo(share);
    }

    @Test
    void bitmapPaysBelowItsBreakEven() {
        for (double bits : new double[] {4, 8, 16}) {
            double even = Sparsity.bitmapBreakEven(bits);
            assertThat(Sparsity.bitmapBits(even, bits)).isEqualTo(bits, exactly());
            assertThat(Sparsity.bitmapBits(even - 0.01, bits)).isLessThan(bits);
        }
        assertThat(Sparsity.bitmapBits(0.5, 16)).isEqualTo(9);
        assertThat(Sparsity.bitmapBits(0.5, 4)).isEqualTo(3);
    }

    @Test
    void refusesPatternsThatCannotBe() {
        assertThatThrownBy(() -> Sparsity.structuredBits(5, 4, 16)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("number of kept weights is 5, expected 1 to 4");
    }

    @Test
    @DisplayName("LoRA: GPT-3 with rank 4 on query and value of 96 layers has 18.9M parameters (the paper prints 18M, 35 MB at 16 bits)")
    void adapter() {
        LowRankAdapter one = new LowRankAdapter(4, 12_288, 12_288);
        assertThat(one.parameters()).isEqualTo(4 * (12_288 + 12_288));
        double bytes = 96 * 2 * one.bytes(16);
        Published.show("LoRA, GPT-3, rank 4 on query and value, MB", bytes / (1 << 20), 35);
        assertThat(96 * 2 * one.parameters()).isEqualTo(18_874_368);
        assertThat(bytes).isEqualTo(2.0 * 18_874_368);
    }

    @Test
    void mergedAdapterCostsNothing() {
        LowRankAdapter adapter = new LowRankAdapter(16, 4096, 11_008);
        assertThat(adapter.addedMultiplyAccumulates(false)).isEqualTo(16L * (4096 + 11_008));
        assertThat(adapter.addedMultiplyAccumulates(true)).isZero();
        assertThat(adapter.mergeMultiplyAccumulates()).isEqualTo(16L * 4096 * 11_008);
        assertThatThrownBy(() -> new LowRankAdapter(5, 4, 8)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rank is 5, expected 1 to 4");
    }

    @ParameterizedTest(name = "{0} layers of {1}: {2}B")
    @CsvSource({"12, 768, 0.1693", "24, 1024, 0.4304", "24, 2048, 1.515", "32, 2560, 2.985", "32, 4096, 7.393", "40, 5120, 14.15"})
    @DisplayName("RWKV, Table 2: parameters")
    void rwkv(long layers, long dim, String billions) {
        Published.assertDigits(RecurrentState.rwkv4Parameters(layers, dim, 50_277) / 1e9, billions);
    }

    @Test
    @DisplayName("deck C: states of Mamba 2.8B 13.1 MB, RWKV-4 7B 2.6 MB in FP32, RWKV-5 7B 17 MB in FP16")
    void states() {
        Published.assertDigits(2 * RecurrentState.mamba(64, 2560, 2, 16, 4) / 1e6, "13.1");
        Published.assertDigits(4 * RecurrentState.rwkv4(32, 4096) / 1e6, "2.6");
        Published.assertDigits(2 * RecurrentState.rwkv5(32, 4096, 64) / 1e6, "17");
    }
}
