package dev.ondine.files;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A cursor over the header of a GGUF file that checks every length against the bytes left before it reads or reserves memory.
 *
 * <p>Reads through a {@link ByteBuffer}, whose accesses cost little even before they are compiled; so a header may take 2 GiB.
 */
final class HeaderReader {

    private static final int LONGEST_NAME_BYTES = 65_535;

    private final String file;
    private final ByteBuffer bytes;
    private byte[] scratch = new byte[256];

    HeaderReader(String file, MemorySegment contents) {
        this.file = file;
        this.bytes = contents.asSlice(0, Math.min(contents.byteSize(), Integer.MAX_VALUE)).asByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    String file() {
        return file;
    }

    ByteOrder order() {
        return bytes.order();
    }

    void order(ByteOrder order) {
        bytes.order(order);
    }

    long position() {
        return bytes.position();
    }

    int remaining() {
        return bytes.remaining();
    }

    byte int8(String what) {
        require(Byte.BYTES, what);
        return bytes.get();
    }

    short int16(String what) {
        require(Short.BYTES, what);
        return bytes.getShort();
    }

    int int32(String what) {
        require(Integer.BYTES, what);
        return bytes.getInt();
    }

    long int64(String what) {
        require(Long.BYTES, what);
        return bytes.getLong();
    }

    float float32(String what) {
        require(Float.BYTES, what);
        return bytes.getFloat();
    }

    double float64(String what) {
        require(Double.BYTES, what);
        return bytes.getDouble();
    }

    /**
     * Reads how many items follow.
     *
     * @param smallestBytes the fewest bytes that one item takes
     */
    int count(int smallestBytes, String what) {
        long count = int64(what);
        if (count < 0 || count > remaining() / smallestBytes) {
            throw damaged("%s is %s, but only %d bytes follow".formatted(what, Long.toUnsignedString(count), remaining()));
        }
        return (int) count;
    }

    /** Text that may hold anything; bytes that are not UTF-8 become U+FFFD. */
    String text(String what) {
        int length = count(1, what);
        if (length > scratch.length) {
            scratch = new byte[Math.max(length, Math.min(2 * scratch.length, remaining()))];
        }
        bytes.get(scratch, 0, length);
        return new String(scratch, 0, length, StandardCharsets.UTF_8);
    }

    /** A key or tensor name: UTF-8 without control characters. */
    String name(String what) {
        int length = count(1, what + " length");
        if (length > LONGEST_NAME_BYTES) {
            throw damaged("%s is %d bytes long, expected at most %d".formatted(what, length, LONGEST_NAME_BYTES));
        }
        String name;
        try {
            name = StandardCharsets.UTF_8.newDecoder().decode(bytes.slice(bytes.position(), length)).toString();
        } catch (CharacterCodingException e) {
            throw damaged(what + " at byte " + bytes.position() + " is not UTF-8");
        }
        bytes.position(bytes.position() + length);
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw damaged(what + " " + Labels.quoted(name) + " holds control characters");
        }
        return name;
    }

    /** The next bytes as a buffer of their own, in this header's byte order; the cursor moves past them. */
    ByteBuffer take(int count) {
        ByteBuffer taken = bytes.slice(bytes.position(), count).order(bytes.order());
        bytes.position(bytes.position() + count);
        return taken;
    }

    ModelFileException damaged(String problem) {
        return new ModelFileException(file, problem + "; the file is damaged, download it again");
    }

    private void require(int count, String what) {
        if (bytes.remaining() < count) {
            throw damaged("ends inside " + what);
        }
    }
}
