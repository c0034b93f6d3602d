package dev.ondine.roofline.formula;

import static dev.ondine.roofline.formula.Published.assertDigits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The worked numbers of <a href="https://kipp.ly/transformer-inference-arithmetic/">Transformer Inference Arithmetic</a>. */
@DisplayName("kipply, Transformer Inference Arithmetic (2022)")
final class KipplyTest {

    private static final int LAYERS = 64;
    private static final int DIM = 8192;
    private static final double PEAK = 312e12;
    private static final double BANDWIDTH = 1.5e12;
    private static final double LINK = 300e9;
    private static final double MESSAGE = 8e-6;

    private static final double GOPHER = 260e9;
    private static final int GOPHER_LAYERS = 80;
    private static final int GOPHER_DIM = 16_384;

    @Test
    @DisplayName("52B: 2,097,152 bytes of cache per token")
    void cache() {
        assertThat(TransformerWork.cacheBytesPerToken(LAYERS, 64, 128, 2)).isEqualTo(2_097_152);
    }

    @Test
    @DisplayName("52B: 103,079,215,104 operations per token, 17,179,869,184 of them for keys and values: 1/6")
    void operations() {
        assertThat(TransformerWork.layerOperations(LAYERS, DIM)).isEqualTo(103_079_215_104.0);
        assertThat(TransformerWork.keyValueOperations(LAYERS, DIM)).isEqualTo(17_179_869_184.0);
        assertThat(TransformerWork.layerOperations(LAYERS, DIM) / TransformerWork.keyValueOperations(LAYERS, DIM)).isEqualTo(6);
    }

    @Test
    @DisplayName("A100: up to 208 tokens take as long as one")
    void crossover() {
        assertThat(Crossover.rows(PEAK, 2, BANDWIDTH)).isEqualTo(208);
        double weights = TransformerWork.layerWeights(LAYERS, DIM);
        double one = Crossover.passSeconds(weights, 1, PEAK, 2, BANDWIDTH);
        assertThat(Crossover.passSeconds(weights, 208, PEAK, 2, BANDWIDTH)).isEqualTo(one);
        assertThat(Crossover.passSeconds(weights, 416, PEAK, 2, BANDWIDTH)).isEqualTo(2 * one);
    }

    @Test
    @DisplayName("52B: a pass takes 69 ms on one A100, 17 ms on four")
    void pass() {
        double bytes = 2 * TransformerWork.layerWeights(LAYERS, DIM);
        assertDigits(1e3 * gpus(1).weightSeconds(bytes), "69");
        assertDigits(1e3 * gpus(4).weightSeconds(bytes), "17");
        assertThat(gpus(1).latencySeconds(LAYERS)).isZero();
    }

    @Test
    @DisplayName("260B on 16 A100s: 22 ms and 3 ms of messages for one sequence")
    void smallBatch() {
        TensorParallel gpus = gpus(16);
        assertDigits(1e3 * gpus.weightSeconds(2 * GOPHER), "22");
        assertDigits(1e3 * gpus.latencySeconds(GOPHER_LAYERS), "3");
        assertDigits(1e6 * gpus.latencySeconds(GOPHER_LAYERS), "2560");
        assertDigits(1e6 * gpus.transferSeconds(GOPHER_LAYERS, GOPHER_DIM, 1), "35");
        assertThat(gpus.stepSeconds(GOPHER, 2 * GOPHER, GOPHER_LAYERS, GOPHER_DIM, 1)).isEqualTo(gpus.weightSeconds(2 * GOPHER));
    }

    @Test
    @DisplayName("260B on 16 A100s: 53 ms and 18 ms of messages for 512 sequences")
    void largeBatch() {
        TensorParallel gpus = gpus(16);
        assertDigits(1e3 * gpus.computeSeconds(GOPHER, 512), "53");
        assertDigits(1e3 * gpus.transferSeconds(GOPHER_LAYERS, GOPHER_DIM, 512), "18");
        assertDigits(1e3 * gpus.stepSeconds(GOPHER, 2 * GOPHER, GOPHER_LAYERS, GOPHER_DIM, 512), "53");
    }

    @Test
    @DisplayName("A100: 1040 operations per byte of messages")
    void messages() {
        assertThat(gpus(2).operationsPerLinkByte()).isEqualTo(1040);
    }

    @Test
    @DisplayName("13B: 16.8 ms on one A100 and 8.4 ms on two; measured 22.0 ms (76 %) and 13.5 ms (62 %); prompt of 512: 45 to 63 ms")
    void reality() {
        double weights = TransformerWork.layerWeights(40, 5120);
        double one = gpus(1).weightSeconds(2 * weights);
        double two = gpus(2).weightSeconds(2 * weights);
        assertDigits(1e3 * one, "16.8");
        assertDigits(1e3 * two, "8.4");
        assertDigits(one / 22.0e-3, "0.76");
        assertDigits(two / 13.5e-3, "0.62");
        Published.show("kipply: 13B, A100-40, ms per token", 1e3 * one, 22.0);
        Published.show("kipply: 13B, 2 A100-40, ms per token", 1e3 * two, 13.5);
        double prompt = TransformerWork.prefillOperations(weights, 40, 5120, 512) / PEAK;
        Published.show("kipply: 13B, A100-40, prompt of 512 tokens, ms, fastest", 1e3 * prompt, 45);
        assertThat(prompt).isLessThan(45e-3);
    }

    @Test
    @DisplayName("deck D.4: H100 295, TPU v5e 240, MI300X 245, phone NPU 107 to 147, processor 5")
    void crossovers() {
        assertDigits(Crossover.rows(989e12, 2, 3.35e12), "295");
        assertDigits(Crossover.rows(197e12, 2, 0.82e12), "240");
        // The facts print 245, which 1300 / 5.3 gives; AMD's own 1307 gives 246.6.
        assertDigits(Crossover.rows(1300e12, 2, 5.3e12), "245");
        Published.show("deck D.4: MI300X, rows at the crossover", Crossover.rows(1307e12, 2, 5.3e12), 245);
        assertDigits(Crossover.rows(33e12, 0.5, 76.8e9), "107");
        assertDigits(Crossover.rows(45e12, 0.5, 76.8e9), "146");
        assertThat(Crossover.rows(1e12, 0.5, 50e9)).isEqualTo(5);
    }

    @Test
    @DisplayName("attention of a prompt: the sum over its tokens of what each attends to")
    void attention() {
        double summed = 0;
        for (int token = 0; token < 1000; token++) {
            summed += 4.0 * 32 * 4096 * (token + 0.5);
        }
        double whole = TransformerWork.prefillOperations(7e9, 32, 4096, 1000) - 2 * 7e9 * 1000;
        assertThat(whole).isEqualTo(summed);
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> gpus(0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("number of devices is 0, expected 1 to 1000000");
        assertThatThrownBy(() -> Crossover.rows(1e12, 0.5, 0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bandwidth is 0, expected more than 0");
    }

    private static TensorParallel gpus(int devices) {
        return new TensorParallel(devices, BANDWIDTH, PEAK, LINK, MESSAGE);
    }
}
