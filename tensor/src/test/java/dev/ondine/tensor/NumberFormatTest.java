package dev.ondine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class NumberFormatTest {

    static Stream<NumberFormat> decodable() {
        return Arrays.stream(NumberFormat.values()).filter(NumberFormat::isDecodable);
    }

    static Stream<NumberFormat> encodable() {
        return Arrays.stream(NumberFormat.values()).filter(NumberFormat::isEncodable);
    }

    @Test
    void decodesAndEncodesThirteenFormats() {
        assertThat(decodable()).containsExactly(NumberFormat.F32, NumberFormat.F16, NumberFormat.Q4_0, NumberFormat.Q4_1,
                NumberFormat.Q5_0, NumberFormat.Q5_1, NumberFormat.Q8_0, NumberFormat.Q4_K, NumberFormat.Q5_K, NumberFormat.Q6_K,
                NumberFormat.IQ4_NL, NumberFormat.BF16, NumberFormat.MXFP4);
        assertThat(encodable()).containsExactlyElementsOf(decodable().toList());
    }

    @ParameterizedTest
    @MethodSource("decodable")
    void decodesAnyBitsAsItsSlowTwinAtOddAddresses(NumberFormat format) {
        int elements = 7 * format.blockElements();
        byte[] blocks = new byte[Math.toIntExact(format.bytes(elements))];
        new Random(format.ordinal()).nextBytes(blocks);
        SlowDecoder slow = new SlowDecoder(blocks);
        float[] decoded = new float[elements + 5];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(blocks.length + 3);
            MemorySegment.copy(blocks, 0, memory, ValueLayout.JAVA_BYTE, 3, blocks.length);
            format.decode(memory, 3, decoded, 2, elements);
        }
        for (int i = 0; i < elements; i++) {
            assertThat(decoded[2 + i]).as("%s number %d", format, i).isEqualTo(Float.valueOf(slow.decode(format, i)));
        }
        assertThat(new float[] {decoded[0], decoded[1], decoded[elements + 2]}).containsOnly(0);
    }

    /** Those whose scale is searched for may find another one the second time. */
    @ParameterizedTest
    @MethodSource("encodable")
    void encodingWhatWasDecodedGivesTheSameNumbers(NumberFormat format) {
        assumeThat(format.blockElements() < 256 && format != NumberFormat.IQ4_NL).as("its scale does not depend on a search").isTrue();
        float[] numbers = gaussian(5 * format.blockElements());
        float[] once = roundTrip(format, numbers);
        assertThat(roundTrip(format, once)).containsExactly(once);
    }

    /**
     * Root mean square of the error over that of normally distributed numbers. Bounds are the rounding errors that the spacing of the
     * numbers gives, a little widened; a wrong bit anywhere costs far more.
     */
    @ParameterizedTest
    @CsvSource({"F16, 3e-4", "BF16, 2.5e-3", "Q4_0, 0.1", "Q4_1, 0.09", "Q5_0, 0.05", "Q5_1, 0.045", "Q8_0, 0.007", "Q4_K, 0.08",
        "Q5_K, 0.04", "Q6_K, 0.022", "IQ4_NL, 0.085", "MXFP4, 0.13"})
    void staysCloseToWhatItEncodes(NumberFormat format, double bound) {
        for (float scale : new float[] {1, -3e-3f, 700}) {
            float[] numbers = gaussian(20 * 256);
            double squares = 0;
            double errors = 0;
            for (int i = 0; i < numbers.length; i++) {
                // Blocks of different spread, some far from zero.
                numbers[i] = scale * (numbers[i] * (1 + i / 256) + (i / 256 % 5 == 4 ? 0.5f : 0));
            }
            float[] decoded = roundTrip(format, numbers);
            for (int i = 0; i < numbers.length; i++) {
                squares += (double) numbers[i] * numbers[i];
                errors += Math.pow(decoded[i] - numbers[i], 2);
            }
            assertThat(Math.sqrt(errors / squares)).isLessThan(bound).isGreaterThan(bound / 4);
        }
    }

    @ParameterizedTest
    @MethodSource("encodable")
    void encodesInPlaceOfItsBlocksOnly(NumberFormat format) {
        int elements = 2 * format.blockElements();
        byte[] around = new byte[Math.toIntExact(format.bytes(elements)) + 5];
        Arrays.fill(around, (byte) 0x5A);
        byte[] alone = new byte[around.length - 5];
        format.encode(gaussian(elements), 0, MemorySegment.ofArray(alone), 0, elements);
        format.encode(gaussian(elements), 0, MemorySegment.ofArray(around), 3, elements);
        assertThat(Arrays.copyOfRange(around, 3, around.length - 2)).containsExactly(alone);
        assertThat(around).startsWith(0x5A, 0x5A, 0x5A).endsWith(0x5A, 0x5A);
    }

    @Test
    void decodesTheSmallestScalesOfMxfp4Exactly() {
        for (int exponent : new int[] {0, 1, 2, 127, 254, 255}) {
            byte[] block = new byte[17];
            block[0] = (byte) exponent;
            block[1] = (byte) 0xF1;
            float[] decoded = new float[32];
            NumberFormat.MXFP4.decode(MemorySegment.ofArray(block), 0, decoded, 0, 32);
            assertThat(decoded[0]).isEqualTo((float) Math.pow(2, exponent - 128));
            assertThat(decoded[16]).isEqualTo((float) (-12 * Math.pow(2, exponent - 128)));
        }
    }

    @Test
    void roundsQ8ToNearestWithTiesAwayFromZero() {
        float[] numbers = gaussian(64 * 32);
        for (int block = 0; block < numbers.length; block += 32) {
            numbers[block] = 127;
            numbers[block + 1] = 2.5f;
            numbers[block + 2] = -2.5f;
            // The largest float below a half; adding a half to it in float gives 1.
            numbers[block + 3] = 0.49999997f;
        }
        float[] decoded = roundTrip(NumberFormat.Q8_0, numbers);
        for (int i = 0; i < numbers.length; i++) {
            assertThat(decoded[i]).isEqualTo(new BigDecimal(numbers[i]).setScale(0, RoundingMode.HALF_UP).floatValue());
        }
    }

    @Test
    void givesTheLargestNumberOfAQ4BlockTheLongEndOfTheRange() {
        float[] numbers = new float[32];
        numbers[3] = 8;
        numbers[4] = -8;
        numbers[5] = -7.25f;
        numbers[20] = 0.5f;
        float[] decoded = roundTrip(NumberFormat.Q4_0, numbers);
        // The scale is -1: 8 is stored as -8 exactly, and -8 is cut to the end of the range.
        assertThat(decoded[3]).isEqualTo(8);
        assertThat(decoded[4]).isEqualTo(-7);
        assertThat(decoded[5]).isEqualTo(-7);
        assertThat(decoded[20]).isEqualTo(0.5f - 0.5f);
    }

    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16"})
    void roundsHalvesToTheNearestEvenNeighbour(NumberFormat format) {
        float step = format == NumberFormat.F16 ? 0x1p-10f : 0x1p-7f;
        float[] numbers = {1 + step / 2, 1 + 3 * step / 2, 1 + 0.51f * step, -1 - step / 2, Float.POSITIVE_INFINITY, 0, -0f, 0x1p100f};
        float huge = format == NumberFormat.F16 ? Float.POSITIVE_INFINITY : 0x1p100f;
        assertThat(roundTrip(format, numbers)).containsExactly(1, 1 + 2 * step, 1 + step, -1, Float.POSITIVE_INFINITY, 0, -0f, huge);
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void keepsWhatIsNotANumber(NumberFormat format) {
        float[] numbers = {Float.NaN, Float.intBitsToFloat(0x7F800001), Float.intBitsToFloat(0xFFFFFFFF)};
        assertThat(roundTrip(format, numbers)).containsOnly(Float.NaN);
    }

    @ParameterizedTest
    @MethodSource("encodable")
    void encodesZerosAsZeros(NumberFormat format) {
        for (float number : roundTrip(format, new float[2 * format.blockElements()])) {
            assertThat(number).isZero();
        }
    }

    /** Where each number of several bytes begins and ends in a block, by ggml's block structures. */
    @ParameterizedTest
    @CsvSource({"F32, 0-4", "F16, 0-2", "BF16, 0-2", "Q4_0, 0-2", "Q4_1, 0-2 2-4", "Q5_0, 0-2 2-6", "Q5_1, 0-2 2-4 4-8", "Q8_0, 0-2",
            "Q4_K, 0-2 2-4", "Q5_K, 0-2 2-4", "Q6_K, 208-210", "IQ4_NL, 0-2", "MXFP4, 0-1"})
    void swapsEveryWideFieldOfABlockAndNothingElse(NumberFormat format, String fields) {
        byte[] blocks = new byte[2 * format.blockBytes()];
        new Random(6).nextBytes(blocks);
        byte[] expected = blocks.clone();
        for (String field : fields.split(" ")) {
            int from = Integer.parseInt(field.split("-")[0]);
            int to = Integer.parseInt(field.split("-")[1]);
            for (int i = from; i < to; i++) {
                expected[i] = blocks[to - 1 - (i - from)];
                expected[format.blockBytes() + i] = blocks[format.blockBytes() + to - 1 - (i - from)];
            }
        }
        format.swapBytes(MemorySegment.ofArray(blocks));
        assertThat(blocks).containsExactly(expected);
    }

    @ParameterizedTest
    @MethodSource("decodable")
    void swappingTwiceChangesNothing(NumberFormat format) {
        byte[] blocks = new byte[3 * format.blockBytes()];
        new Random(5).nextBytes(blocks);
        byte[] twice = blocks.clone();
        format.swapBytes(MemorySegment.ofArray(twice));
        format.swapBytes(MemorySegment.ofArray(twice));
        assertThat(twice).containsExactly(blocks);
    }

    @Test
    void refusesToComputeWithAFormatThatHasNoCodec() {
        assertThat(NumberFormat.IQ1_M.isDecodable()).isFalse();
        assertThatThrownBy(() -> NumberFormat.IQ1_M.decode(MemorySegment.NULL, 0, new float[256], 0, 256))
                .isInstanceOf(UnsupportedOperationException.class).hasMessageContaining("IQ1_M");
    }

    @Test
    void refusesToEncodeAFormatThatHasNoCodec() {
        assertThatThrownBy(() -> NumberFormat.Q2_K.encode(new float[256], 0, MemorySegment.NULL, 0, 256))
                .isInstanceOf(UnsupportedOperationException.class).hasMessageContaining("Q2_K");
    }

    @Test
    void findsFormatsByTheirIdInFiles() {
        for (NumberFormat format : NumberFormat.values()) {
            assertThat(NumberFormat.ofGgmlId(format.ggmlId())).contains(format);
        }
        assertThat(NumberFormat.ofGgmlId(9999)).isEmpty();
        assertThat(NumberFormat.ofGgmlId(-1)).isEmpty();
    }

    @Test
    void refusesARunWhoseBytesOverflow() {
        assertThatThrownBy(() -> NumberFormat.F64.bytes(Long.MAX_VALUE / 4)).isInstanceOf(ArithmeticException.class);
    }

    private static float[] roundTrip(NumberFormat format, float[] numbers) {
        float[] decoded = new float[numbers.length];
        MemorySegment blocks = MemorySegment.ofArray(new byte[Math.toIntExact(format.bytes(numbers.length))]);
        format.encode(numbers, 0, blocks, 0, numbers.length);
        format.decode(blocks, 0, decoded, 0, numbers.length);
        return decoded;
    }

    private static float[] gaussian(int count) {
        Random random = new Random(7);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }
}
