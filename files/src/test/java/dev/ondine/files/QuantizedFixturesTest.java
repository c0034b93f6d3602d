package dev.ondine.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Tensor;
import dev.ondine.testkit.SharedFiles;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Number formats against files that another runtime quantized and a third one decoded. */
class QuantizedFixturesTest {

    private static final MathContext GOLDEN_DIGITS = new MathContext(8, RoundingMode.HALF_EVEN);

    @ParameterizedTest
    @ValueSource(strings = {"F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K_S", "Q4_K_M", "Q5_K_M", "Q6_K",
        "IQ4_NL", "MXFP4"})
    void decodesToTheGoldenNumbers(String quantization) {
        String file = "model-" + quantization + ".gguf";
        JsonNode slices = SharedFiles.requireJson("fixtures/quant/goldens.json").get("files").get(file).get("slices");
        try (GgufFile model = GgufFile.open(SharedFiles.require("fixtures/quant/" + file))) {
            assertThat(slices.size()).isEqualTo(3);
            for (Map.Entry<String, JsonNode> slice : slices.properties()) {
                Tensor tensor = model.tensor(slice.getKey()).orElseThrow();
                assertThat(tensor.format()).hasToString(slice.getValue().get("type").asString());
                requireEqual(decode(tensor), slice.getValue());
            }
        }
    }

    private static void requireEqual(float[] numbers, JsonNode golden) {
        JsonNode first = golden.get("first_512");
        for (int i = 0; i < first.size(); i++) {
            assertThat(rounded(numbers[i])).as("number %d", i).isEqualByComparingTo(first.get(i).decimalValue());
        }
        double sum = 0;
        double absoluteSum = 0;
        for (float number : numbers) {
            sum += number;
            absoluteSum += Math.abs(number);
        }
        assertThat(sum).isCloseTo(golden.get("sum").asDouble(), within(1e-9 * absoluteSum));
        assertThat(absoluteSum).isCloseTo(golden.get("abs_sum").asDouble(), within(1e-9 * absoluteSum));
    }

    private static BigDecimal rounded(float number) {
        return new BigDecimal(number).round(GOLDEN_DIGITS);
    }

    @ParameterizedTest
    @CsvSource({"F32, F32", "F16, F16", "BF16, BF16", "Q4_0, Q4_0", "Q4_1, Q4_1", "Q5_0, Q5_0", "Q5_1, Q5_1", "Q8_0, Q8_0", "Q4_K, Q4_K_S",
        "Q5_K, Q5_K_M", "Q6_K, Q6_K", "IQ4_NL, IQ4_NL", "MXFP4, MXFP4"})
    void encodesToTheSameBytes(NumberFormat format, String quantization) {
        int compared = 0;
        try (GgufFile plain = GgufFile.open(SharedFiles.require("fixtures/quant/model-F32.gguf"));
                GgufFile quantized = GgufFile.open(SharedFiles.require("fixtures/quant/model-" + quantization + ".gguf"));
                Arena arena = Arena.ofConfined()) {
            for (Tensor expected : quantized.tensors()) {
                if (expected.format() == format) {
                    float[] numbers = decode(plain.tensor(expected.name()).orElseThrow());
                    MemorySegment encoded = arena.allocate(format.bytes(numbers.length));
                    format.encode(numbers, 0, encoded, 0, numbers.length);
                    assertThat(encoded.mismatch(expected.data())).as(expected.name()).isEqualTo(-1);
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThanOrEqualTo(6);
    }

    private static float[] decode(Tensor tensor) {
        float[] numbers = new float[Math.toIntExact(tensor.shape().elements())];
        tensor.format().decode(tensor.data(), 0, numbers, 0, numbers.length);
        return numbers;
    }
}
