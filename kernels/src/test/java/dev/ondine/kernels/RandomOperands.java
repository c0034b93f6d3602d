package dev.ondine.kernels;

import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Shape;
import dev.ondine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** Seeded operands for comparing kernels. */
public final class RandomOperands {

    private final Arena arena;
    private final Random random = new Random(11);

    public RandomOperands(Arena arena) {
        this.arena = arena;
    }

    /** Random bits as numbers and random but moderate scales, at an odd offset inside a larger segment of ones. */
    public Tensor weights(NumberFormat format, int rows, int columns) {
        Tensor weights = misaligned(format, rows, columns);
        byte[] bits = new byte[Math.toIntExact(weights.data().byteSize())];
        random.nextBytes(bits);
        MemorySegment.copy(bits, 0, weights.data(), ValueLayout.JAVA_BYTE, 0, bits.length);
        for (long block = 0; block < bits.length; block += format.blockBytes()) {
            setScales(weights, block, () -> (random.nextFloat() - 0.3f) * 0.02f);
        }
        return weights;
    }

    /** Only zeros, at an odd offset. */
    public Tensor misaligned(NumberFormat format, int rows, int columns) {
        long bytes = format.bytes((long) rows * columns);
        MemorySegment around = arena.allocate(bytes + 64, 64);
        around.fill((byte) -1);
        MemorySegment data = around.asSlice(2L * random.nextInt(16) + 1, bytes);
        data.fill((byte) 0);
        return new Tensor("w", format, Shape.of(rows, columns), data);
    }

    /** A source of scales. */
    public interface Scales {
        float next();
    }

    /** Overwrites what a block holds in floating point: the scales, or the number itself. */
    public static void setScales(Tensor weights, long block, Scales scales) {
        switch (weights.format()) {
            case F32 -> weights.data().set(ValueLayout.JAVA_FLOAT_UNALIGNED, block, scales.next());
            case BF16 -> setShort(weights, block, (short) (Float.floatToRawIntBits(scales.next()) >>> 16));
            case F16, Q4_0, Q5_0, Q8_0, IQ4_NL -> setShort(weights, block, Float.floatToFloat16(scales.next()));
            case Q6_K -> setShort(weights, block + 208, Float.floatToFloat16(scales.next()));
            // The power of two next to the scale; a scale that is not finite has none, and any will do.
            case MXFP4 -> weights.data().set(ValueLayout.JAVA_BYTE, block, (byte) Math.clamp(Math.getExponent(scales.next()) + 127, 0, 254));
            default -> {
                setShort(weights, block, Float.floatToFloat16(scales.next()));
                setShort(weights, block + 2, Float.floatToFloat16(scales.next()));
            }
        }
    }

    private static void setShort(Tensor weights, long offset, short value) {
        weights.data().set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, value);
    }

    /** Normally distributed numbers. */
    public Matrix matrix(int rows, int columns) {
        Matrix matrix = Matrix.allocate(arena, rows, columns);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                matrix.set(row, column, (float) random.nextGaussian());
            }
        }
        return matrix;
    }

    public Matrix copy(Matrix matrix) {
        Matrix copy = Matrix.allocate(arena, matrix.rows(), matrix.columns());
        for (int row = 0; row < matrix.rows(); row++) {
            copy.setRow(row, matrix, row);
        }
        return copy;
    }

    public Tensor vector(int columns) {
        return new Tensor("v", NumberFormat.F32, Shape.of(columns), matrix(1, columns).data());
    }
}
