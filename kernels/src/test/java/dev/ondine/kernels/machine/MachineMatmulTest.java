package dev.ondine.kernels.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ondine.kernels.RandomOperands;
import dev.ondine.kernels.panel.PackedMatrix;
import dev.ondine.kernels.panel.PanelLayout;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Tensor;
import dev.ondine.tensor.Weight;
import dev.ondine.tensor.WorkerTeam;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every format and instruction set against products in double precision, over awkward sizes, beside guard pages. */
class MachineMatmulTest {

    static final List<NumberFormat> PACKED = Stream.of(NumberFormat.values())
            .filter(format -> format.isDecodable() && PanelLayout.exists(format)).toList();

    private static final int[] ROWS = {1, 15, 16, 33, 176};
    private static final int[] BATCHES = {1, 2, 3, 7, 8, 13, 16, 37};

    private final Arena arena = new GuardedArena();
    private final RandomOperands random = new RandomOperands(arena);
    private final WorkerTeam team = new WorkerTeam(2);

    @AfterEach
    void close() {
        team.close();
        arena.close();
    }

    @ParameterizedTest
    @FieldSource("PACKED")
    void staysWithinTheErrorOfItsActivations(NumberFormat format) {
        List<Isa> isas = TestIsas.supported();
        assumeTrue(!isas.isEmpty(), "machine code needs Linux on x86-64 with AVX2");
        double worst = 0;
        for (Isa isa : isas) {
            try (Products products = new Products(isa)) {
                for (int columns : columns(format)) {
                    for (int rows : ROWS) {
                        worst = Math.max(worst, assertAccurate(products, random.weights(format, rows, columns)));
                    }
                }
            }
        }
        System.out.printf("%s: largest error %.1e of the sum of absolute products, bounded by half a step of each activation%n", format, worst);
    }

    /** Around vectors, records and the columns that are unpacked at once. */
    private static int[] columns(NumberFormat format) {
        return switch (format.blockElements()) {
            case 1 -> new int[] {1, 13, 100, 512};
            case 32 -> new int[] {32, 96, 512, 2080};
            default -> new int[] {256, 2304};
        };
    }

    private double assertAccurate(Products products, Tensor weight) {
        double worst = 0;
        Weight packed = pack(weight);
        products.matmul.prepare(weight.format());
        for (int batch : BATCHES) {
            Matrix x = random.matrix(batch, weight.columns());
            Matrix y = random.matrix(batch, weight.rows());
            products.matmul.multiply(packed, x, y);
            worst = Math.max(worst, assertWithinBound(products.isa, weight, x, y));
        }
        return worst;
    }

    /** Returns the largest error as a share of its sum of absolute products. */
    private static double assertWithinBound(Isa isa, Tensor weight, Matrix x, Matrix y) {
        float[] w = new float[weight.columns()];
        double worst = 0;
        for (int out = 0; out < weight.rows(); out++) {
            weight.decodeRow(out, w, 0);
            for (int row = 0; row < x.rows(); row++) {
                double exact = 0;
                double products = 0;
                for (int i = 0; i < w.length; i++) {
                    exact += (double) w[i] * x.get(row, i);
                    products += Math.abs((double) w[i] * x.get(row, i));
                }
                double error = Math.abs(y.get(row, out) - exact);
                if (!(error <= bound(weight.format(), w, x, row))) {
                    assertThat(error).as("%s, %s %s, batch %d, row %d, out %d", isa, weight.format(), weight.shape(), x.rows(), row, out)
                            .isLessThanOrEqualTo(bound(weight.format(), w, x, row));
                }
                worst = Math.max(worst, products == 0 ? 0 : error / products);
            }
        }
        return worst;
    }

    /**
     * Half a step of each quantised activation, and rounding in single precision: 2^-24 per addition of absolute products, which
     * an offset makes a few times larger before it is taken off.
     */
    private static double bound(NumberFormat format, float[] w, Matrix x, int row) {
        double bound = 0;
        double products = 0;
        double largestWeight = 0;
        for (int i = 0; i < w.length; i++) {
            largestWeight = Math.max(largestWeight, Math.abs(w[i]));
        }
        for (int block = 0; block < w.length; block += 32) {
            int end = Math.min(w.length, block + 32);
            float largest = 0;
            double weights = 0;
            for (int i = block; i < end; i++) {
                largest = Math.max(largest, Math.abs(x.get(row, i)));
                weights += Math.abs(w[i]);
                products += Math.abs(x.get(row, i)) * 8 * largestWeight;
            }
            bound += format.blockElements() == 1 ? 0 : largest / 254 * weights * 1.0001;
        }
        return bound + products * Math.scalb(w.length / 8.0 + 8, -24);
    }

    /** The same bits alone and in any company, so that a token does not depend on the batch that it is computed in. */
    @ParameterizedTest
    @FieldSource("PACKED")
    void oneRowDoesNotDependOnTheOthers(NumberFormat format) {
        for (Isa isa : TestIsas.supported()) {
            try (Products products = new Products(isa)) {
                Tensor weight = random.weights(format, 48, 2304);
                Weight packed = pack(weight);
                products.matmul.prepare(format);
                Matrix x = random.matrix(37, weight.columns());
                Matrix together = random.matrix(37, 48);
                products.matmul.multiply(packed, x, together);
                Matrix alone = random.matrix(1, 48);
                Matrix one = random.matrix(1, weight.columns());
                for (int row = 0; row < x.rows(); row++) {
                    one.setRow(0, x, row);
                    products.matmul.multiply(packed, one, alone);
                    for (int out = 0; out < 48; out++) {
                        if (alone.get(0, out) != together.get(row, out)) {
                            assertThat(together.get(row, out)).as("%s %s row %d out %d", isa, format, row, out).isEqualTo(alone.get(0, out));
                        }
                    }
                }
            }
        }
    }

    @Test
    void severalProductsOfOneXAreThoseOfEach() {
        for (Isa isa : TestIsas.supported()) {
            try (Products products = new Products(isa)) {
                NumberFormat[] formats = {NumberFormat.Q4_K, NumberFormat.Q6_K, NumberFormat.F32, NumberFormat.Q4_K};
                Weight[] weights = new Weight[formats.length];
                Matrix[] ys = new Matrix[formats.length];
                for (int i = 0; i < formats.length; i++) {
                    products.matmul.prepare(formats[i]);
                    weights[i] = pack(random.weights(formats[i], 40 + 8 * i, 512));
                    ys[i] = random.matrix(5, weights[i].rows());
                }
                Matrix x = random.matrix(5, 512);
                products.matmul.multiply(weights, x, ys);
                for (int i = 0; i < formats.length; i++) {
                    Matrix single = random.matrix(5, weights[i].rows());
                    products.matmul.multiply(weights[i], x, single);
                    assertThat(ys[i].data().mismatch(single.data())).as("%s, product %d", isa, i).isEqualTo(-1);
                }
            }
        }
    }

    /** With the least memory that it may take, an inaccessible page behind it. */
    private PackedMatrix pack(Tensor weight) {
        PanelLayout layout = PanelLayout.of(weight.format());
        MemorySegment data = GuardedMemory.endingAtGuard(layout.bytes(weight.shape())).segment();
        layout.pack(weight, 0, PanelLayout.panels(weight.rows()), data);
        return new PackedMatrix(weight.name(), weight.shape(), data, layout);
    }

    private final class Products implements AutoCloseable {

        private final Isa isa;
        private final CodeMemory code;
        private final MachineMatmul matmul;

        Products(Isa isa) {
            this.isa = isa;
            if (isa == Isa.AMX) {
                // Asks for the permission to use matrix tiles.
                Processor.of(TestHost.here());
            }
            code = CodeMemory.of(TestHost.here(), List.of(QuantiseCode.of(), ArrangeCode.of()));
            matmul = new MachineMatmul(isa, TestHost.here(), team, code.code(0), code.code(1));
        }

        @Override
        public void close() {
            matmul.close();
            code.close();
        }
    }
}
