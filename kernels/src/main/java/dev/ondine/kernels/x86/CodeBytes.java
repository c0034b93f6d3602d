package dev.ondine.kernels.x86;

import java.util.Arrays;

/** Machine code under construction: bytes, labels and the encoding of addresses. */
class CodeBytes {

    private byte[] bytes = new byte[1024];
    private int size;
    /** Jumps to labels that have no place yet. */
    private int openJumps;

    /** The code so far. @throws IllegalStateException if it jumps to a label that has no place */
    public byte[] toBytes() {
        if (openJumps > 0) {
            throw new IllegalStateException(openJumps + " jumps go to labels without a place");
        }
        return Arrays.copyOf(bytes, size);
    }

    /** Bytes so far. */
    public int size() {
        return size;
    }

    /** Puts the label here. */
    public void place(Label label) {
        if (label.position >= 0) {
            throw new IllegalStateException("a label stands in two places");
        }
        label.position = size;
        label.waiting.forEach(at -> patch(at, size - at - 4));
        openJumps -= label.waiting.size();
        label.waiting.clear();
    }

    /** The 32-bit distance from the byte behind it to the label. */
    final void distanceTo(Label label) {
        if (label.position < 0) {
            label.waiting.add(size);
            openJumps++;
        }
        put32(label.position < 0 ? 0 : label.position - size - 4);
    }

    final void put(int... values) {
        for (int value : values) {
            if (size == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * size);
            }
            bytes[size++] = (byte) value;
        }
    }

    final void put32(int value) {
        put(value, value >> 8, value >> 16, value >> 24);
    }

    private void patch(int at, int value) {
        for (int i = 0; i < 4; i++) {
            bytes[at + i] = (byte) (value >> 8 * i);
        }
    }

    final void modRmRegister(int reg, int rm) {
        put(0xC0 | (reg & 7) << 3 | rm & 7);
    }

    /**
     * ModRM, SIB and displacement.
     *
     * @param unit bytes that one step of a short displacement stands for; 1 outside EVEX
     */
    final void modRmMemory(int reg, Mem mem, int unit) {
        boolean isShort = mem.displacement() % unit == 0 && (byte) (mem.displacement() / unit) == mem.displacement() / unit;
        int base = mem.base().ordinal() & 7;
        boolean none = mem.displacement() == 0 && base != 5;
        boolean needsSib = mem.index() != null || base == 4;
        put((none ? 0 : isShort ? 0x40 : 0x80) | (reg & 7) << 3 | (needsSib ? 4 : base));
        if (needsSib) {
            int index = mem.index() == null ? 4 : mem.index().ordinal() & 7;
            put(Integer.numberOfTrailingZeros(mem.scale()) << 6 | index << 3 | base);
        }
        if (!none && isShort) {
            put(mem.displacement() / unit);
        } else if (!none) {
            put32(mem.displacement());
        }
    }
}
