package dev.ondine.os;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One record of a journal, read piece by piece; what {@link RecordWriter} writes. */
final class RecordReader {

    static final int HEADER_BYTES = Integer.BYTES + 1;

    private final int kind;
    private final ByteBuffer contents;

    private RecordReader(int kind, ByteBuffer contents) {
        this.kind = kind;
        this.contents = contents;
    }

    /**
     * The records of a file.
     *
     * @param wholeBytes of the file up to where a record begins that was not written to its end
     */
    record Contents(List<RecordReader> records, int wholeBytes) {
    }

    /** @throws DamagedException if a record is damaged that others follow */
    static Contents read(byte[] file) {
        List<RecordReader> records = new ArrayList<>();
        int at = 0;
        while (file.length - at > HEADER_BYTES + Integer.BYTES) {
            ByteBuffer rest = ByteBuffer.wrap(file, at, file.length - at).slice();
            long end = at + HEADER_BYTES + Integer.BYTES + (long) rest.getInt(0);
            if (rest.getInt(0) < 0 || end > file.length) {
                break;
            }
            int size = (int) end - at - Integer.BYTES;
            if (rest.getInt(size) != RecordWriter.checksum(file, at, size)) {
                if (end < file.length) {
                    throw new DamagedException("a record at byte %d is damaged".formatted(at));
                }
                break;
            }
            records.add(new RecordReader(rest.get(Integer.BYTES), rest.slice(HEADER_BYTES, size - HEADER_BYTES)));
            at = (int) end;
        }
        return new Contents(records, at);
    }

    /** A file that does not hold what it should. */
    static final class DamagedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        DamagedException(String message) {
            super(message);
        }
    }

    int kind() {
        return kind;
    }

    int nextInt() {
        require(Integer.BYTES);
        return contents.getInt();
    }

    long nextLong() {
        require(Long.BYTES);
        return contents.getLong();
    }

    double nextDouble() {
        return Double.longBitsToDouble(nextLong());
    }

    float nextFloat() {
        return Float.intBitsToFloat(nextInt());
    }

    boolean nextBoolean() {
        require(1);
        return contents.get() != 0;
    }

    String nextString() {
        byte[] bytes = new byte[nextCount(1)];
        contents.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    int[] nextInts() {
        int[] values = new int[nextCount(Integer.BYTES)];
        for (int index = 0; index < values.length; index++) {
            values[index] = nextInt();
        }
        return values;
    }

    float[] nextFloats() {
        float[] values = new float[nextCount(Float.BYTES)];
        for (int index = 0; index < values.length; index++) {
            values[index] = nextFloat();
        }
        return values;
    }

    /** How many elements follow; never more than the record has bytes for. */
    int nextCount(int elementBytes) {
        int count = nextInt();
        if (count < 0) {
            throw new DamagedException("a record counts %d elements".formatted(count));
        }
        require((long) count * elementBytes);
        return count;
    }

    /** One of the constants of an enum. */
    <E extends Enum<E>> E nextOf(Class<E> type) {
        String name = nextString();
        try {
            return Enum.valueOf(type, name);
        } catch (IllegalArgumentException e) {
            throw new DamagedException("a record names a %s that is \"%s\"".formatted(type.getSimpleName(), name));
        }
    }

    private void require(long bytes) {
        if (contents.remaining() < bytes) {
            throw new DamagedException("a record ends %d bytes too early".formatted(bytes - contents.remaining()));
        }
    }
}
