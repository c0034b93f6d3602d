package dev.ondine.files;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A GGUF header under construction. */
final class HeaderBytes {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);

    HeaderBytes(ByteOrder order) {
        number.order(order);
    }

    void int8(int value) {
        bytes.write(value);
    }

    void int16(int value) {
        append(number.clear().putShort((short) value));
    }

    void int32(int value) {
        append(number.clear().putInt(value));
    }

    void int64(long value) {
        append(number.clear().putLong(value));
    }

    private void append(ByteBuffer filled) {
        bytes.write(filled.array(), 0, filled.position());
    }

    void raw(String text) {
        bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int64(utf8.length);
        bytes.writeBytes(utf8);
    }

    /** The type of a value and the value. */
    void typed(TypedValue value) {
        int32(value.type().id());
        if (value.type() == GgufType.ARRAY) {
            array(value.elementType(), value.value());
        } else {
            scalar(value.type(), value.value());
        }
    }

    private void array(GgufType elementType, Object elements) {
        int count = Array.getLength(elements);
        int32(elementType.id());
        int64(count);
        for (int i = 0; i < count; i++) {
            if (elements instanceof TypedValue[] arrays) {
                array(arrays[i].elementType(), arrays[i].value());
            } else {
                scalar(elementType, Array.get(elements, i));
            }
        }
    }

    private void scalar(GgufType type, Object value) {
        switch (type) {
            case UINT8 -> int8((int) unsigned(type, (Short) value, 0xFF));
            case INT8 -> int8((Byte) value);
            case UINT16 -> int16((int) unsigned(type, (Integer) value, 0xFFFF));
            case INT16 -> int16((Short) value);
            case UINT32 -> int32((int) unsigned(type, (Long) value, 0xFFFF_FFFFL));
            case INT32 -> int32((Integer) value);
            case UINT64, INT64 -> int64((Long) value);
            case FLOAT32 -> int32(Float.floatToRawIntBits((Float) value));
            case FLOAT64 -> int64(Double.doubleToRawLongBits((Double) value));
            case BOOL -> int8((Boolean) value ? 1 : 0);
            case STRING -> text((String) value);
            case ARRAY -> throw new IllegalArgumentException("an array is no scalar");
        }
    }

    private static long unsigned(GgufType type, long value, long most) {
        if (value < 0 || value > most) {
            throw new IllegalArgumentException("%d does not fit %s, expected 0 to %d".formatted(value, type, most));
        }
        return value;
    }

    /** Zeros up to the next multiple of the alignment. */
    void pad(long alignment) {
        while (bytes.size() % alignment != 0) {
            bytes.write(0);
        }
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }
}
