package dev.ondine.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * Activations: F32 numbers [row, column] in native memory, rows contiguous. The row count moves between steps, the capacity
 * does not, so that a step allocates nothing. Borrows its memory.
 */
public final class Matrix {

    private static final long ALIGNMENT_BYTES = 64;

    private final MemorySegment data;
    private final int capacityRows;
    private final int columns;
    private int rows;

    private Matrix(MemorySegment data, int capacityRows, int columns) {
        this.data = data;
        this.capacityRows = capacityRows;
        this.columns = columns;
        this.rows = capacityRows;
    }

    /** A zeroed matrix, 64-byte aligned, that lives as long as the arena. */
    public static Matrix allocate(Arena arena, int rows, int columns) {
        long bytes = Math.multiplyExact(Math.multiplyExact((long) rows, columns), Float.BYTES);
        return new Matrix(arena.allocate(bytes, ALIGNMENT_BYTES), rows, columns);
    }

    /** A second view of the same numbers with other columns, e.g. [token, head * channel] as [token * head, channel]. */
    public Matrix reshaped(int otherColumns) {
        long elements = (long) capacityRows * columns;
        if (elements % otherColumns != 0) {
            throw new IllegalArgumentException("cannot view [%d, %d] with %d columns".formatted(capacityRows, columns, otherColumns));
        }
        Matrix view = new Matrix(data, Math.toIntExact(elements / otherColumns), otherColumns);
        view.rows = Math.toIntExact((long) rows * columns / otherColumns);
        return view;
    }

    public int rows() {
        return rows;
    }

    /** Sets how many rows the next operations see; contents stay. */
    public void setRows(int rows) {
        if (rows < 0 || rows > capacityRows) {
            throw new IllegalArgumentException("%d rows in a matrix with room for %d".formatted(rows, capacityRows));
        }
        this.rows = rows;
    }

    public int columns() {
        return columns;
    }

    /** All numbers up to the capacity, row after row. */
    public MemorySegment data() {
        return data;
    }

    public float get(int row, int column) {
        return data.getAtIndex(ValueLayout.JAVA_FLOAT, index(row, column));
    }

    public void set(int row, int column, float value) {
        data.setAtIndex(ValueLayout.JAVA_FLOAT, index(row, column), value);
    }

    /** Copies one row out; {@code target} takes {@link #columns()} floats. */
    public void copyRow(int row, float[] target) {
        MemorySegment.copy(data, ValueLayout.JAVA_FLOAT, index(row, 0) * Float.BYTES, target, 0, columns);
    }

    /** Copies one row in. */
    public void setRow(int row, float[] source) {
        MemorySegment.copy(source, 0, data, ValueLayout.JAVA_FLOAT, index(row, 0) * Float.BYTES, columns);
    }

    /** Copies one row of another matrix with as many columns. */
    public void setRow(int row, Matrix source, int sourceRow) {
        MemorySegment.copy(source.data, source.index(sourceRow, 0) * Float.BYTES,
                data, index(row, 0) * Float.BYTES, (long) columns * Float.BYTES);
    }

    private long index(int row, int column) {
        return (long) Objects.checkIndex(row, capacityRows) * columns + Objects.checkIndex(column, columns);
    }
}
