package dev.ondine.kernels.panel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Shape;
import dev.ondine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Packed panels hold the numbers that the file holds, wherever rows and columns end. */
class PanelLayoutTest {

    private final Arena arena = Arena.ofConfined();
    private final RandomTensors random = new RandomTensors(arena);

    @AfterEach
    void close() {
        arena.close();
    }

    static Stream<NumberFormat> packable() {
        return Arrays.stream(NumberFormat.values()).filter(format -> PanelLayout.exists(format) && format.isDecodable());
    }

    @ParameterizedTest
    @MethodSource("packable")
    void packedNumbersAreTheFilesNumbers(NumberFormat format) {
        int block = format.blockElements();
        for (int rows : new int[] {1, 15, 16, 17, 33}) {
            for (int blocks : new int[] {1, 2, 3, 5, 16, 17, 300 / block + 1}) {
                Tensor tensor = random.tensor("w", format, rows, blocks * block);
                assertSameNumbers(tensor, packed(tensor));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("packable")
    void paddingIsZero(NumberFormat format) {
        Tensor tensor = random.tensor("w", format, 17, 3 * format.blockElements());
        PackedMatrix matrix = packed(tensor);
        int paddedColumns = Math.ceilDiv(tensor.columns(), matrix.layout().recordColumns()) * matrix.layout().recordColumns();
        for (int row = 0; row < 32; row++) {
            for (int column = row < 17 ? tensor.columns() : 0; column < paddedColumns; column++) {
                assertThat(PanelElements.element(matrix, row, column)).as("[%d, %d]", row, column).isZero();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("packable")
    void packsPanelsOnTheirOwn(NumberFormat format) {
        Tensor tensor = random.tensor("w", format, 47, 2 * format.blockElements());
        PanelLayout layout = PanelLayout.of(format);
        long panel = layout.panelBytes(tensor.columns());
        MemorySegment second = arena.allocate(panel, 64);

        layout.pack(tensor, 1, 2, second);

        assertThat(second.mismatch(packed(tensor).data().asSlice(panel, panel))).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({"F32, 1, 64", "F16, 2, 64", "BF16, 2, 64", "Q4_0, 64, 576", "IQ4_NL, 64, 576", "Q4_1, 64, 640", "Q5_0, 64, 704",
        "Q5_1, 64, 768", "Q8_0, 64, 1088", "MXFP4, 128, 1088", "Q4_K, 256, 2304", "Q5_K, 256, 2816", "Q6_K, 256, 3392"})
    void sizesAreThoseThatKernelsCountOn(NumberFormat format, int recordColumns, int recordBytes) {
        PanelLayout layout = PanelLayout.of(format);
        assertThat(layout.recordColumns()).isEqualTo(recordColumns);
        assertThat(layout.recordBytes()).isEqualTo(recordBytes);
        assertThat(layout.panelBytes(recordColumns + 1)).isEqualTo(2L * recordBytes);
        assertThat(layout.bytes(Shape.of(33, recordColumns))).isEqualTo(3L * recordBytes);
    }

    @Test
    void refusesWhatDoesNotFit() {
        Tensor tensor = random.tensor("w", NumberFormat.Q8_0, 16, 64);
        PanelLayout layout = PanelLayout.of(NumberFormat.Q8_0);
        MemorySegment tooSmall = arena.allocate(1024, 64);
        assertThatThrownBy(() -> layout.pack(tensor, 0, 1, tooSmall)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("1 panels of w [16, 64] in Q8_0 need 1088 bytes, found 1024 for Q8_0");
        assertThatThrownBy(() -> layout.pack(tensor, 0, 2, packed(tensor).data())).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> PanelLayout.of(NumberFormat.I8)).hasMessageContaining("I8 has no panel layout");
    }

    private PackedMatrix packed(Tensor tensor) {
        PanelLayout layout = PanelLayout.of(tensor.format());
        MemorySegment data = arena.allocate(layout.bytes(tensor.shape()), 64).fill((byte) -1);
        layout.pack(tensor, 0, PanelLayout.panels(tensor.rows()), data);
        return new PackedMatrix(tensor.name(), tensor.shape(), data, layout);
    }

    private static void assertSameNumbers(Tensor tensor, PackedMatrix matrix) {
        float[] expected = new float[tensor.columns()];
        float[] found = new float[tensor.columns()];
        for (int row = 0; row < tensor.rows(); row++) {
            tensor.decodeRow(row, expected, 0);
            for (int column = 0; column < found.length; column++) {
                found[column] = PanelElements.element(matrix, row, column);
            }
            assertThat(found).as("row %d of %s", row, tensor.shape()).isEqualTo(expected);
        }
    }
}
