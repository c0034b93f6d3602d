package dev.ondine.kernels.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The codes that bring activations into the form a product wants. Operands lie beside inaccessible pages. */
class ActivationCodesTest {

    private static final int ROWS = 3;
    /** Unused bytes between rows: less than a vector, more than nothing. */
    private static final long GAP = 12;

    private final Arena arena = new GuardedArena();
    private final Random random = new Random(7);

    @BeforeEach
    void requireMachineCode() {
        TestHost.withMachineCode();
        assumeTrue(TestIsas.supported().contains(Isa.AVX2), "this processor lacks AVX2");
    }

    @AfterEach
    void close() {
        arena.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 15, 16, 17, 24, 31, 32, 33, 63, 64, 65, 2047, 2048})
    void quantisesAsTheFormulaReads(int columns) {
        float[][] rows = randomRows(columns);
        MemorySegment records = quantise(rows, -8, 0);
        int perRow = Math.ceilDiv(columns, 32);
        for (int record = 0; record < ROWS * perRow; record++) {
            float[] block = new float[32];
            int from = record % perRow * 32;
            System.arraycopy(rows[record / perRow], from, block, 0, Math.min(32, columns - from));
            assertRecord(records, record * 48L + record / perRow * GAP, block);
        }
        assertUntouchedGap(records, perRow * 48L);
    }

    private static void assertRecord(MemorySegment records, long at, float[] block) {
        float largest = 0;
        for (float x : block) {
            largest = Math.max(largest, Math.abs(x));
        }
        float d = records.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at + 32);
        assertThat(d).isEqualTo(largest / 127);
        int[] halves = new int[2];
        for (int i = 0; i < 32; i++) {
            byte q = records.get(ValueLayout.JAVA_BYTE, at + i);
            assertThat((double) q).isCloseTo(d == 0 ? 0 : block[i] / (double) d, within(0.50002));
            halves[i / 16] += q;
        }
        assertThat(records.get(ValueLayout.JAVA_INT_UNALIGNED, at + 36)).isEqualTo(-8 * halves[0]);
        assertThat(records.get(ValueLayout.JAVA_INT_UNALIGNED, at + 40)).isEqualTo(-8 * halves[1]);
        assertThat(records.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at + 44)).isEqualTo(d * (halves[0] + halves[1]));
    }

    @Test
    void roundsTiesToEven() {
        MemorySegment record = quantise(new float[][] {{127, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -2.5f, -127}}, -8, 0);
        assertThat(record.asSlice(0, 8).toArray(ValueLayout.JAVA_BYTE)).containsExactly(127, 0, 2, 2, 0, -2, -2, -127);
    }

    @Test
    void joinsTheOffsetSumsOfBlocksWithOneScale() {
        float[] row = new float[32];
        row[3] = 127;
        row[20] = -27;
        MemorySegment record = quantise(new float[][] {row}, -128, -128);
        assertThat(record.get(ValueLayout.JAVA_INT_UNALIGNED, 36)).isEqualTo(-128 * 100);
        assertThat(record.get(ValueLayout.JAVA_INT_UNALIGNED, 40)).isEqualTo(128 * 27);
    }

    @ParameterizedTest
    @ValueSource(floats = {0, 1e-37f, Float.MIN_VALUE})
    void takesTinyNumbersForZero(float tiny) {
        assertThat(quantise(new float[][] {{tiny, -tiny, tiny}}, -8, 0).asSlice(0, 48).mismatch(MemorySegment.ofArray(new byte[48])))
                .isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void showsThatNumbersWereNotFinite(float number) {
        MemorySegment record = quantise(new float[][] {{1, number, 2, 0, -3e38f}}, -8, 0);
        assertThat(Float.isFinite(record.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 32))).isFalse();
        assertThat(record.asSlice(0, 32).toArray(ValueLayout.JAVA_BYTE)).doesNotContain(-128);
    }

    @Test
    void quantisesTheLargestNumbers() {
        MemorySegment record = quantise(new float[][] {{Float.MAX_VALUE, -Float.MAX_VALUE, 1, 2e-36f}}, -8, 0);
        assertThat(record.asSlice(0, 4).toArray(ValueLayout.JAVA_BYTE)).containsExactly(127, -127, 0, 0);
    }

    /** Memory was filled with ones before. */
    private static void assertUntouchedGap(MemorySegment target, long rowBytes) {
        for (long row = 0; row < ROWS - 1; row++) {
            for (long i = rowBytes; i < rowBytes + GAP; i++) {
                assertThat(target.get(ValueLayout.JAVA_BYTE, row * (rowBytes + GAP) + i)).isEqualTo((byte) 1);
            }
        }
    }

    /** The second row is zero in its first half; numbers have many sizes. */
    private float[][] randomRows(int columns) {
        float[][] rows = new float[ROWS][columns];
        for (int row = 0; row < ROWS; row++) {
            for (int i = row == 1 ? columns / 2 : 0; i < columns; i++) {
                rows[row][i] = (float) (random.nextGaussian() * Math.exp(4 * random.nextGaussian()));
            }
        }
        return rows;
    }

    private MemorySegment allocate(float[][] rows) {
        long rowBytes = rows[0].length * 4L + GAP;
        MemorySegment x = arena.allocate(rows.length * rowBytes - GAP, 4);
        for (int row = 0; row < rows.length; row++) {
            MemorySegment.copy(rows[row], 0, x, ValueLayout.JAVA_FLOAT_UNALIGNED, row * rowBytes, rows[row].length);
        }
        return x;
    }

    private MemorySegment quantise(float[][] rows, int minusZeroPoint, int secondInFirst) {
        int columns = rows[0].length;
        long recordBytes = Math.ceilDiv(columns, 32) * 48L;
        MemorySegment records = arena.allocate(rows.length * (recordBytes + GAP) - GAP, 4);
        records.fill((byte) 1);
        call(QuantiseCode.of(), allocate(rows).address(), columns * 4L + GAP, records.address(), recordBytes + GAP,
                rows.length, columns, minusZeroPoint, secondInFirst);
        return records;
    }

    private void call(byte[] code, long... arguments) {
        MemorySegment block = arena.allocate(arguments.length * 8L, 8);
        MemorySegment.copy(arguments, 0, block, ValueLayout.JAVA_LONG, 0, arguments.length);
        try (CodeMemory memory = CodeMemory.of(TestHost.here(), List.of(code))) {
            memory.code(0).call(block.address());
        }
    }
}
