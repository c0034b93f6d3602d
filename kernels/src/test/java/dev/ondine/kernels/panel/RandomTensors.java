package dev.ondine.kernels.panel;

import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Shape;
import dev.ondine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** Seeded tensors of random bits, at odd addresses: packing moves bits, whatever they mean. */
final class RandomTensors {

    private final Arena arena;
    private final Random random = new Random(5);

    RandomTensors(Arena arena) {
        this.arena = arena;
    }

    Tensor tensor(String name, NumberFormat format, int rows, int columns) {
        byte[] bits = new byte[Math.toIntExact(format.bytes((long) rows * columns))];
        random.nextBytes(bits);
        MemorySegment data = arena.allocate(bits.length + 1L, 64).asSlice(1);
        MemorySegment.copy(bits, 0, data, ValueLayout.JAVA_BYTE, 0, bits.length);
        return new Tensor(name, format, Shape.of(rows, columns), data);
    }
}
