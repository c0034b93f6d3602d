package dev.ondine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Reads and writes the numbers inside quantized blocks: little-endian, at any address. */
final class LittleEndian {

    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private LittleEndian() {
    }

    static float half(MemorySegment source, long offsetBytes) {
        return Float.float16ToFloat(source.get(SHORT, offsetBytes));
    }

    static void putHalf(MemorySegment target, long offsetBytes, float value) {
        target.set(SHORT, offsetBytes, Float.floatToFloat16(value));
    }

    static int signed8(MemorySegment source, long offsetBytes) {
        return source.get(ValueLayout.JAVA_BYTE, offsetBytes);
    }

    static int unsigned8(MemorySegment source, long offsetBytes) {
        return source.get(ValueLayout.JAVA_BYTE, offsetBytes) & 0xFF;
    }

    static void putByte(MemorySegment target, long offsetBytes, int value) {
        target.set(ValueLayout.JAVA_BYTE, offsetBytes, (byte) value);
    }
}
