package dev.ondine.kernels.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All counts of tokens, panels and steps against sums in double precision, between inaccessible pages. */
class TileMatmulCodeTest {

    /** A sum of n products in float32 is off by at most n half units in the last place of the sum of their absolute values. */
    private static final double HALF_UNIT = 0x1p-24;

    private final Arena arena = Arena.ofConfined();
    private final Random random = new Random(5);
    private CodeMemory memory;

    @BeforeEach
    void generate() {
        assumeTrue(TestIsas.supported().contains(Isa.AMX), "the processor has no matrix tiles");
        // Asks for the permission to use them.
        Processor.of(TestHost.here());
        memory = CodeMemory.of(TestHost.here(), List.of(TileMatmulCode.of()));
    }

    @AfterEach
    void close() {
        if (memory != null) {
            memory.close();
        }
        arena.close();
    }

    @Test
    void agreesWithDoublePrecision() {
        double worst = 0;
        for (int tokens = 1; tokens <= 70; tokens++) {
            int panels = 1 + tokens % 5;
            int steps = new int[] {1, 2, 3, 16, 17}[tokens / 5 % 5];
            worst = Math.max(worst, errorOf(tokens, panels, steps, tokens % 2 == 0));
            worst = Math.max(worst, errorOf(tokens, 6 - panels, 1, tokens % 2 == 1));
        }
        System.out.printf("BF16 by BF16: error at most %.2f units in the last place of the sum of absolute products%n",
                worst / 2 / HALF_UNIT);
    }

    private double errorOf(int tokens, int panels, int steps, boolean atEnd) {
        try (Product product = new Product(tokens, panels, steps, atEnd)) {
            product.run(null);
            double fromZero = product.error(1);
            assertThat(fromZero).as("%d tokens, %d panels, %d steps", tokens, panels, steps)
                    .isLessThanOrEqualTo((32 * steps + 1) * HALF_UNIT);
            product.run(product.y.segment());
            assertThat(product.error(2)).as("added to y").isLessThanOrEqualTo((64 * steps + 2) * HALF_UNIT);
            return fromZero;
        }
    }

    @Test
    void addsToOtherNumbersThanThoseOfY() {
        try (Product product = new Product(39, 3, 2, true);
             GuardedMemory addend = GuardedMemory.endingAtGuard(product.y.segment().byteSize())) {
            product.run(null);
            addend.segment().copyFrom(product.y.segment());
            product.run(product.y.segment());
            byte[] inPlace = product.y.segment().toArray(ValueLayout.JAVA_BYTE);
            product.run(addend.segment());
            assertThat(product.y.segment().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(inPlace);
            assertThat(addend.segment().toArray(ValueLayout.JAVA_BYTE)).isNotEqualTo(inPlace);
        }
    }

    @Test
    void aTokenHasTheSameBitsInEveryBatch() {
        try (Product all = new Product(70, 3, 4, true)) {
            all.run(null);
            for (int token : new int[] {0, 15, 16, 31, 32, 63, 64, 69}) {
                byte[] together = all.row(token);
                all.run(null, token, 1);
                assertThat(all.row(token)).isEqualTo(together);
            }
        }
    }

    /** Random operands of one call; rows of x and y and panels lie a little apart. */
    private final class Product implements AutoCloseable {

        private static final int GAP = 2;
        private static final float UNTOUCHED = -77;

        private final int tokens;
        private final int rows;
        private final int columns;
        private final GuardedMemory x;
        private final GuardedMemory panels;
        private final GuardedMemory y;

        Product(int tokens, int panelCount, int steps, boolean atEnd) {
            this.tokens = tokens;
            rows = panelCount * TileMatmulCode.PANEL_ROWS;
            columns = steps * TileMatmulCode.STEP_COLUMNS;
            x = guarded(2L * (tokens * (columns + GAP) - GAP), atEnd);
            panels = guarded(panelCount * panelStride() - 64, atEnd);
            y = guarded(4L * (tokens * (rows + GAP) - GAP), atEnd);
            fill(x.segment());
            fill(panels.segment());
            for (long i = 0; i < y.segment().byteSize(); i += 4) {
                y.segment().set(ValueLayout.JAVA_FLOAT_UNALIGNED, i, UNTOUCHED);
            }
        }

        private static GuardedMemory guarded(long bytes, boolean atEnd) {
            return atEnd ? GuardedMemory.endingAtGuard(bytes) : GuardedMemory.beginningAfterGuard(bytes);
        }

        private long panelStride() {
            return 32L * columns + 64;
        }

        private void fill(MemorySegment numbers) {
            for (long i = 0; i < numbers.byteSize(); i += 2) {
                int bits = Float.floatToRawIntBits((float) random.nextGaussian());
                numbers.set(ValueLayout.JAVA_SHORT_UNALIGNED, i, (short) (bits >>> 16));
            }
        }

        void run(MemorySegment addend) {
            run(addend, 0, tokens);
        }

        void run(MemorySegment addend, int firstToken, int count) {
            MemorySegment block = arena.allocate(TileMatmulCode.ARGUMENT_BYTES, 8);
            block.set(ValueLayout.JAVA_LONG, TileMatmulCode.X, x.address() + 2L * firstToken * (columns + GAP));
            block.set(ValueLayout.JAVA_LONG, TileMatmulCode.X_STRIDE_BYTES, 2L * (columns + GAP));
            block.set(ValueLayout.JAVA_LONG, TileMatmulCode.TOKENS, count);
            block.set(ValueLayout.JAVA_LONG, TileMatmulCode.WEIGHTS, panels.address());
            block.set(ValueLayout.JAVA_LONG, TileMatmulCode.PANEL_STRIDE_BYTES, panelStride());
            block.set(ValueLayout.JAVA_LONG, TileMatmulCode.PANELS, rows / TileMatmulCode.PANEL_ROWS);
            block.set(ValueLayout.JAVA_LONG, TileMatmulCode.STEPS, columns / TileMatmulCode.STEP_COLUMNS);
            block.set(ValueLayout.JAVA_LONG, TileMatmulCode.Y, y.address() + 4L * firstToken * (rows + GAP));
            block.set(ValueLayout.JAVA_LONG, TileMatmulCode.Y_STRIDE_BYTES, 4L * (rows + GAP));
            block.set(ValueLayout.JAVA_LONG, TileMatmulCode.ADDEND, addend == null ? 0 : addend.address());
            block.set(ValueLayout.JAVA_LONG, TileMatmulCode.ADDEND_STRIDE_BYTES, 4L * (rows + GAP));
            memory.code(0).call(block.address());
        }

        byte[] row(int token) {
            return y.segment().asSlice(4L * token * (rows + GAP), 4L * rows).toArray(ValueLayout.JAVA_BYTE);
        }

        /** The largest error of a result that is the product so many times, relative to the sum of absolute products. */
        double error(int times) {
            double worst = 0;
            for (int token = 0; token < tokens; token++) {
                for (int row = 0; row < rows; row++) {
                    double sum = 0;
                    double absolute = 0;
                    for (int column = 0; column < columns; column++) {
                        double product = number(x, (long) token * (columns + GAP) + column) * weight(row, column);
                        sum += times * product;
                        absolute += times * Math.abs(product);
                    }
                    worst = Math.max(worst, Math.abs(sum - result(token, row)) / absolute);
                }
                for (int row = rows; row < rows + GAP && token < tokens - 1; row++) {
                    assertThat(result(token, row)).isEqualTo(UNTOUCHED);
                }
            }
            return worst;
        }

        private double weight(int row, int column) {
            return number(panels, row / 16 * panelStride() / 2 + column / 2 * 32 + row % 16 * 2 + column % 2);
        }

        private float result(int token, int row) {
            return y.segment().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * (token * (rows + GAP) + row));
        }

        private static double number(GuardedMemory numbers, long index) {
            return Float.intBitsToFloat(numbers.segment().get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * index) << 16);
        }

        @Override
        public void close() {
            x.close();
            panels.close();
            y.close();
        }
    }
}
