package dev.ondine.kernels.machine;

import java.util.Arrays;

/** A list of numbers that is written in Java and then copied to native memory at once; both only ever grow. */
final class NativeLongs {

    private long[] numbers = new long[64];
    private int size;
    private final NativeMemory memory = new NativeMemory();

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    void add(long number) {
        grow(1);
        numbers[size++] = number;
    }

    /** Adds numbers that {@link #set} will write; the index of the first. */
    int addRoom(int count) {
        grow(count);
        size += count;
        return size - count;
    }

    void set(int index, long number) {
        numbers[index] = number;
    }

    private void grow(int count) {
        if (size + count > numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.max(size + count, 2 * numbers.length));
        }
    }

    /** Copies the list to native memory; its address. */
    long publish() {
        return memory.put(numbers, size);
    }
}
