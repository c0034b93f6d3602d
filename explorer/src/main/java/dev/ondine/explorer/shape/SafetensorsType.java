package dev.ondine.explorer.shape;

import dev.ondine.tensor.NumberFormat;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The dtype of a safetensors tensor, and the number format that costs the same; integers other than I8 are no weights. */
enum SafetensorsType {
    F64(8, NumberFormat.F64),
    F32(4, NumberFormat.F32),
    F16(2, NumberFormat.F16),
    BF16(2, NumberFormat.BF16),
    F8_E4M3(1, NumberFormat.I8),
    F8_E5M2(1, NumberFormat.I8),
    I8(1, NumberFormat.I8),
    BOOL(1, null),
    U8(1, null),
    I16(2, null),
    U16(2, null),
    I32(4, null),
    U32(4, null),
    I64(8, null),
    U64(8, null);

    private final int bytes;
    private final NumberFormat format;

    SafetensorsType(int bytes, NumberFormat format) {
        this.bytes = bytes;
        this.format = format;
    }

    int bytes() {
        return bytes;
    }

    Optional<NumberFormat> format() {
        return Optional.ofNullable(format);
    }

    static Optional<SafetensorsType> named(String dtype) {
        return Stream.of(values()).filter(type -> type.name().equals(dtype)).findAny();
    }

    static String names() {
        return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
    }
}
