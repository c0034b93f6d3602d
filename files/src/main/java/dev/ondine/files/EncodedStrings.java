package dev.ondine.files;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * An array of strings as it lies in a file, checked but not decoded: a vocabulary is hundreds of thousands of objects, and not every
 * use of a model needs it.
 *
 * @param bytes each string's length as a long and its UTF-8
 */
record EncodedStrings(byte[] bytes, int count, ByteOrder order) {

    /** Bytes that are not UTF-8 become U+FFFD. */
    String[] decode() {
        ByteBuffer lengths = ByteBuffer.wrap(bytes).order(order);
        String[] strings = new String[count];
        int at = 0;
        for (int i = 0; i < count; i++) {
            int length = (int) lengths.getLong(at);
            strings[i] = new String(bytes, at + Long.BYTES, length, StandardCharsets.UTF_8);
            at += Long.BYTES + length;
        }
        return strings;
    }
}
