package dev.ondine.os;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** One record of a journal in the making. Big-endian: bytes of the contents (4), kind (1), contents, checksum of all that (4). */
final class RecordWriter {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    RecordWriter(int kind) {
        write(() -> {
            out.writeInt(0);
            out.writeByte(kind);
        });
    }

    private interface Writing {
        void run() throws IOException;
    }

    private RecordWriter write(Writing writing) {
        try {
            writing.run();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RecordWriter add(int value) {
        return write(() -> out.writeInt(value));
    }

    RecordWriter add(long value) {
        return write(() -> out.writeLong(value));
    }

    RecordWriter add(double value) {
        return write(() -> out.writeDouble(value));
    }

    RecordWriter add(float value) {
        return write(() -> out.writeFloat(value));
    }

    RecordWriter add(boolean value) {
        return write(() -> out.writeBoolean(value));
    }

    RecordWriter add(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        return add(encoded.length).write(() -> out.write(encoded));
    }

    RecordWriter add(int[] values) {
        add(values.length);
        for (int value : values) {
            add(value);
        }
        return this;
    }

    RecordWriter add(float[] values) {
        add(values.length);
        for (float value : values) {
            add(value);
        }
        return this;
    }

    /** The whole record. */
    ByteBuffer finish() {
        int size = bytes.size();
        ByteBuffer record = ByteBuffer.allocate(size + Integer.BYTES).put(bytes.toByteArray());
        record.putInt(0, size - RecordReader.HEADER_BYTES);
        return record.putInt(checksum(record.array(), 0, size)).flip();
    }

    static int checksum(byte[] file, int from, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(file, from, length);
        return (int) checksum.getValue();
    }
}
