package dev.ondine.files;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A cursor over the header of a GGUF file that checks every length against the bytes left before it reads or reserves memory.
 *
 * <p>Reads through a {@link ByteBuffer}, whose accesses cost little even before they are compiled. A header may take 1 GiB at most.
 */
final class HeaderReader {

    private static final int LONGEST_NAME_BYTES = 65_535;
    /** Buffers are a little shorter than 2 GiB. */
    static final long MOST_BYTES = 1L << 30;

    private final String file;
    private final ByteBuffer bytes;
    private byte[] scratch = new byte[256];
    private String subjectKind = "";
    private String subject = "the file header";

    HeaderReader(String file, MemorySegment contents) {
        this.file = file;
        this.bytes = contents.asSlice(0, Math.min(contents.byteSize(), MOST_BYTES)).asByteBuffer()
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

    int position() {
        return bytes.position();
    }

    int remaining() {
        return bytes.remaining();
    }

    byte int8() {
        require(Byte.BYTES);
        return bytes.get();
    }

    short int16() {
        require(Short.BYTES);
        return bytes.getShort();
    }

    int int32() {
        require(Integer.BYTES);
        return bytes.getInt();
    }

    long int64() {
        require(Long.BYTES);
        return bytes.getLong();
    }

    float float32() {
        require(Float.BYTES);
        return bytes.getFloat();
    }

    double float64() {
        require(Double.BYTES);
        return bytes.getDouble();
    }

    /**
     * Reads how many items follow.
     *
     * @param smallestBytes the fewest bytes that one item takes
     * @param items         what they are, for the refusal of more than the file can hold
     */
    int count(int smallestBytes, String items) {
        long count = int64();
        if (count < 0 || count > remaining() / smallestBytes) {
            throw damaged("%s claims %s %s, but only %d bytes follow".formatted(
                    subject(), Long.toUnsignedString(count), items, remaining()));
        }
        return (int) count;
    }

    /** Text that may hold anything; bytes that are not UTF-8 become U+FFFD. */
    String text() {
        int length = count(1, "bytes of text");
        if (length > scratch.length) {
            scratch = new byte[length];
        }
        bytes.get(scratch, 0, length);
        return new String(scratch, 0, length, StandardCharsets.UTF_8);
    }

    /** Texts one after the other, of which there may be that many by their smallest size. */
    EncodedStrings texts(int count) {
        int end = bytes.position();
        for (int i = 0; i < count; i++) {
            long left = (long) bytes.limit() - end - Long.BYTES;
            long length = left < 0 ? 0 : bytes.getLong(end);
            if (left < 0 || length < 0 || length > left) {
                throw damaged("text %d of %d of %s reaches past the end".formatted(i, count, subject()));
            }
            end += Long.BYTES + (int) length;
        }
        byte[] encoded = new byte[end - bytes.position()];
        bytes.get(encoded);
        return new EncodedStrings(encoded, count, bytes.order());
    }

    /** A key or tensor name: UTF-8 without control characters. It becomes the subject of refusals from here on. */
    String name(String kind) {
        subjectKind = kind + " ";
        subject = "after byte " + position();
        int length = count(1, "bytes of name");
        if (length > LONGEST_NAME_BYTES) {
            throw damaged("%s is %d bytes long, expected at most %d".formatted(subject(), length, LONGEST_NAME_BYTES));
        }
        String name = utf8(take(length));
        for (int i = 0; i < name.length(); i++) {
            if (Character.isISOControl(name.charAt(i))) {
                throw damaged(subject() + " holds control characters");
            }
        }
        subject = name;
        return name;
    }

    private String utf8(ByteBuffer text) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
        } catch (CharacterCodingException e) {
            throw damaged(subject() + " is not UTF-8");
        }
    }

    /** The next bytes, of which there are enough, as a buffer of their own in the same byte order. */
    ByteBuffer take(int count) {
        ByteBuffer taken = bytes.slice(bytes.position(), count).order(bytes.order());
        bytes.position(bytes.position() + count);
        return taken;
    }

    /** What is being read, for messages. */
    String subject() {
        return subjectKind + Labels.printable(subject);
    }

    ModelFileException damaged(String problem) {
        return new ModelFileException(file, problem + "; the file is damaged, download it again");
    }

    private void require(int count) {
        if (bytes.remaining() < count) {
            throw damaged("ends inside " + subject());
        }
    }
}
