package dev.ondine.kernels.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.ondine.kernels.panel.PanelLayout;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Shape;
import dev.ondine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every instruction set and tile against sums in double precision, between inaccessible pages. */
class FloatMatmulCodeTest {

    /** A sum of n products in float32 is off by at most n half units in the last place of the sum of their absolute values. */
    private static final double HALF_UNIT = 0x1p-24;

    private final Arena arena = Arena.ofConfined();
    private final Random random = new Random(3);
    private final List<Isa> isas = TestIsas.supported();

    @BeforeEach
    void needsVectors() {
        assumeFalse(isas.isEmpty(), "machine code needs Linux on x86-64 with AVX2");
    }

    @AfterEach
    void close() {
        arena.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void agreesWithDoublePrecisionInEveryTile(NumberFormat format) {
        double worst = 0;
        for (Isa isa : isas) {
            for (int tile : FloatMatmulCode.tileTokens(isa)) {
                try (CodeMemory memory = CodeMemory.of(TestHost.here(), List.of(FloatMatmulCode.of(isa, format, tile)))) {
                    for (int columns : new int[] {1, 2, 3, 7, 8, 9, 64, 131}) {
                        worst = Math.max(worst, errorOf(memory.code(0), format, tile, columns));
                    }
                }
            }
        }
        System.out.printf("%s by F32: error at most %.2f units in the last place of the sum of absolute products%n",
                format, worst / 2 / HALF_UNIT);
    }

    /** Shapes of one to three panels and tiles; at both ends of guarded memory. */
    private double errorOf(MachineCode code, NumberFormat format, int tile, int columns) {
        double worst = 0;
        for (int n = 1; n <= 3; n++) {
            for (boolean atEnd : new boolean[] {true, false}) {
                try (Product product = new Product(format, 16 * n, columns, tile * (4 - n), atEnd)) {
                    product.run(code, tile);
                    worst = Math.max(worst, product.error());
                }
            }
        }
        assertThat(worst).as("%s, tile %d, %d columns", format, tile, columns).isLessThanOrEqualTo((columns + 1) * HALF_UNIT);
        return worst;
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void resultsHaveTheSameBitsInEveryTile(NumberFormat format) {
        try (Product product = new Product(format, 32, 301, 120, true)) {
            List<byte[]> results = new ArrayList<>();
            for (Isa isa : isas) {
                for (int tile : FloatMatmulCode.tileTokens(isa)) {
                    try (CodeMemory memory = CodeMemory.of(TestHost.here(), List.of(FloatMatmulCode.of(isa, format, tile)))) {
                        product.run(memory.code(0), tile);
                        results.add(product.y.segment().toArray(ValueLayout.JAVA_BYTE));
                    }
                }
            }
            assertThat(results).hasSizeGreaterThan(3).allMatch(result -> Arrays.equals(result, results.getFirst()));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void resultsHaveTheSameBitsInBlocksOfColumns(NumberFormat format) {
        try (Product product = new Product(format, 32, 301, 120, true)) {
            for (Isa isa : isas) {
                for (int tile : FloatMatmulCode.tileTokens(isa)) {
                    try (CodeMemory memory = CodeMemory.of(TestHost.here(), List.of(FloatMatmulCode.of(isa, format, tile)))) {
                        product.run(memory.code(0), tile);
                        byte[] whole = product.y.segment().toArray(ValueLayout.JAVA_BYTE);
                        for (int blockColumns : new int[] {2, 64, 150, 300}) {
                            product.run(memory.code(0), tile, blockColumns);
                            assertThat(product.y.segment().toArray(ValueLayout.JAVA_BYTE))
                                    .as("%s, tile %d, blocks of %d columns", isa, tile, blockColumns).isEqualTo(whole);
                        }
                    }
                }
            }
        }
    }

    /** Random operands of one product, their rows some floats apart in x and y. */
    private final class Product implements AutoCloseable {

        private static final int GAP = 3;
        private static final float UNTOUCHED = -77;

        private final int columns;
        private final int rows;
        private final int tokens;
        private final Tensor weights;
        private final GuardedMemory panels;
        private final GuardedMemory x;
        private final GuardedMemory y;

        Product(NumberFormat format, int rows, int columns, int tokens, boolean atEnd) {
            this.columns = columns;
            this.rows = rows;
            this.tokens = tokens;
            weights = new Tensor("w", format, Shape.of(rows, columns), arena.allocate(format.bytes((long) rows * columns), 64));
            float[] values = new float[rows * columns];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            format.encode(values, 0, weights.data(), 0, values.length);
            panels = guarded(PanelLayout.of(format).bytes(weights.shape()), atEnd);
            PanelLayout.of(format).pack(weights, 0, rows / 16, panels.segment());
            x = guarded(4L * (tokens * (columns + GAP) - GAP), atEnd);
            y = guarded(4L * (tokens * (rows + GAP) - GAP), atEnd);
            fill(x.segment());
        }

        private static GuardedMemory guarded(long bytes, boolean atEnd) {
            return atEnd ? GuardedMemory.endingAtGuard(bytes) : GuardedMemory.beginningAfterGuard(bytes);
        }

        private void fill(MemorySegment floats) {
            for (long i = 0; i < floats.byteSize(); i += 4) {
                floats.set(ValueLayout.JAVA_FLOAT_UNALIGNED, i, (float) random.nextGaussian());
            }
        }

        void run(MachineCode code, int tile) {
            run(code, tile, columns);
        }

        /** In blocks of so many columns, an even number unless it is all. */
        void run(MachineCode code, int tile, int blockColumns) {
            for (long i = 0; i < y.segment().byteSize(); i += 4) {
                y.segment().set(ValueLayout.JAVA_FLOAT_UNALIGNED, i, UNTOUCHED);
            }
            for (int column = 0; column < columns; column += blockColumns) {
                run(code, tile, column, Math.min(blockColumns, columns - column));
            }
        }

        private void run(MachineCode code, int tile, int column, int columns) {
            PanelLayout layout = PanelLayout.of(weights.format());
            MemorySegment block = arena.allocate(FloatMatmulCode.ARGUMENT_BYTES, 8);
            block.set(ValueLayout.JAVA_LONG, FloatMatmulCode.WEIGHTS,
                    panels.address() + column / layout.recordColumns() * layout.recordBytes());
            block.set(ValueLayout.JAVA_LONG, FloatMatmulCode.ACCUMULATE, column);
            block.set(ValueLayout.JAVA_LONG, FloatMatmulCode.PANEL_BYTES, panels.segment().byteSize() / (rows / 16));
            block.set(ValueLayout.JAVA_LONG, FloatMatmulCode.PANELS, rows / 16);
            block.set(ValueLayout.JAVA_LONG, FloatMatmulCode.COLUMNS, columns);
            block.set(ValueLayout.JAVA_LONG, FloatMatmulCode.X, x.address() + 4L * column);
            block.set(ValueLayout.JAVA_LONG, FloatMatmulCode.X_STRIDE_BYTES, 4L * (this.columns + GAP));
            block.set(ValueLayout.JAVA_LONG, FloatMatmulCode.TILES, tokens / tile);
            block.set(ValueLayout.JAVA_LONG, FloatMatmulCode.Y, y.address());
            block.set(ValueLayout.JAVA_LONG, FloatMatmulCode.Y_STRIDE_BYTES, 4L * (rows + GAP));
            code.call(block.address());
        }

        /** The largest error of a result, relative to the sum of its absolute products. */
        double error() {
            float[] decoded = new float[rows * columns];
            weights.format().decode(weights.data(), 0, decoded, 0, decoded.length);
            double worst = 0;
            for (int token = 0; token < tokens; token++) {
                for (int row = 0; row < rows; row++) {
                    double sum = 0;
                    double absolute = 0;
                    for (int column = 0; column < columns; column++) {
                        double product = (double) decoded[row * columns + column] * get(x, token * (columns + GAP) + column);
                        sum += product;
                        absolute += Math.abs(product);
                    }
                    worst = Math.max(worst, Math.abs(sum - get(y, token * (rows + GAP) + row)) / absolute);
                }
                for (int i = rows; i < rows + GAP && token < tokens - 1; i++) {
                    assertThat(get(y, token * (rows + GAP) + i)).isEqualTo(UNTOUCHED);
                }
            }
            return worst;
        }

        private static float get(GuardedMemory floats, int index) {
            return floats.segment().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * index);
        }

        @Override
        public void close() {
            panels.close();
            x.close();
            y.close();
        }
    }
}
