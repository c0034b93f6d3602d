package dev.ondine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class TensorTest {

    private final Arena arena = Arena.ofAuto();

    @Test
    void decodesOneRow() {
        MemorySegment data = arena.allocate(24);
        NumberFormat.F32.encode(new float[] {1, 2, 3, 4, 5, 6}, 0, data, 0, 6);
        Tensor tensor = new Tensor("a", NumberFormat.F32, Shape.of(2, 3), data);
        float[] row = new float[4];
        tensor.decodeRow(1, row, 1);
        assertThat(row).containsExactly(0, 4, 5, 6);
    }

    @Test
    void countsRowsOverAllOuterSizes() {
        assertThat(Shape.of(2, 3, 5).rows()).isEqualTo(6);
        assertThat(Shape.of(2, 3, 5).columns()).isEqualTo(5);
        assertThat(Shape.of(5).rows()).isEqualTo(1);
        assertThat(Shape.of().elements()).isEqualTo(1);
        assertThat(Shape.of(2, 3)).isEqualTo(Shape.of(2, 3)).isNotEqualTo(Shape.of(3, 2)).hasToString("[2, 3]");
    }

    @Test
    void refusesSizesThatMakeNoTensor() {
        assertThatThrownBy(() -> Shape.of(2, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Shape.of(1L << 32, 1L << 32).elements()).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void refusesDataOfAnotherSize() {
        assertThatThrownBy(() -> new Tensor("a", NumberFormat.F16, Shape.of(3), arena.allocate(8)))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("tensor a F16 [3] needs 6 native bytes, found 8");
        assertThatThrownBy(() -> new Tensor("a", NumberFormat.F16, Shape.of(3), MemorySegment.ofArray(new byte[6])))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesRowsThatAreNotWholeBlocks() {
        assertThatThrownBy(() -> new Tensor("a", NumberFormat.Q8_0, Shape.of(2, 48), arena.allocate(102)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("not whole blocks of 32");
    }
}
