package dev.ondine.server.http;

import dev.ondine.server.failure.ApiFailure;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent signs in paths and queries, decoded strictly. */
final class Percent {

    private Percent() {
    }

    /** A part of a path or a query. @throws ApiFailure if it holds a wrong escape, a control character or no UTF-8 */
    static String decoded(String part, String whole) {
        var bytes = new ByteArrayOutputStream(part.length());
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c == '%') {
                bytes.write(escaped(part, i, whole));
                i += 2;
            } else if (c <= ' ' || c > '~') {
                throw wrong(whole);
            } else {
                bytes.write(c);
            }
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
            if (text.chars().anyMatch(Character::isISOControl)) {
                throw wrong(whole);
            }
            return text;
        } catch (CharacterCodingException e) {
            throw wrong(whole);
        }
    }

    private static int escaped(String part, int at, String whole) {
        int high = at + 2 < part.length() ? Character.digit(part.charAt(at + 1), 16) : -1;
        int low = at + 2 < part.length() ? Character.digit(part.charAt(at + 2), 16) : -1;
        if (high < 0 || low < 0) {
            throw wrong(whole);
        }
        return high << 4 | low;
    }

    private static ApiFailure wrong(String whole) {
        String shown = whole.length() > 100 ? whole.substring(0, 100) + "…" : whole;
        return ApiFailure.of(400, "the address " + shown + " holds a wrong escape or character");
    }
}
