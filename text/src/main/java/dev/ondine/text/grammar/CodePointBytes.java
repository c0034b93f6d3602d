package dev.ondine.text.grammar;

/** Writes code points as the bytes of UTF-8, and characters as JSON strings hold them. */
final class CodePointBytes {

    /** The first and last code points of one, two, three (without surrogates) and four bytes. */
    private static final int[][] LENGTHS = {{0, 0x7F, 1}, {0x80, 0x7FF, 2}, {0x800, 0xD7FF, 3}, {0xE000, 0xFFFF, 3},
        {0x10000, 0x10FFFF, 4}};
    private static final int[] LEADS = {0, 0, 0xC0, 0xE0, 0xF0};
    private static final int CONTINUES = 0x80;
    private static final String SHORT_ESCAPES = "\b\t\n\f\r\"\\";

    private final NetworkBuilder builder;

    CodePointBytes(NetworkBuilder builder) {
        this.builder = builder;
    }

    /** Reads one code point of a range. */
    void range(int from, int low, int high, int to) {
        for (int[] length : LENGTHS) {
            int first = Math.max(low, length[0]);
            int last = Math.min(high, length[1]);
            if (first <= last) {
                bytes(from, first, last, length[2], LEADS[length[2]], to);
            }
        }
    }

    /** Splits the range until the bytes after the first take any value or one. */
    private void bytes(int from, int low, int high, int count, int lead, int to) {
        int shift = 6 * (count - 1);
        int mask = (1 << shift) - 1;
        if (count == 1) {
            builder.range(from, lead | low, lead | high, to);
        } else if (low >> shift == high >> shift) {
            int next = builder.state();
            builder.range(from, lead | low >> shift, lead | high >> shift, next);
            bytes(next, low & mask, high & mask, count - 1, CONTINUES, to);
        } else if ((low & mask) != 0) {
            bytes(from, low, low | mask, count, lead, to);
            bytes(from, (low | mask) + 1, high, count, lead, to);
        } else if ((high & mask) != mask) {
            bytes(from, low, (high & ~mask) - 1, count, lead, to);
            bytes(from, high & ~mask, high, count, lead, to);
        } else {
            int next = builder.state();
            builder.range(from, lead | low >> shift, lead | high >> shift, next);
            bytes(next, 0, mask, count - 1, CONTINUES, to);
        }
    }

    /** Reads one code point of a range as a JSON string holds it; only what must be escaped is. */
    void quotedRange(int from, int low, int high, int to) {
        int at = low;
        while (at <= high) {
            if (mustEscape(at)) {
                builder.skip(builder.text(from, escape(at)), to);
                at++;
            } else {
                int last = lastPlain(at, high);
                range(from, at, last, to);
                at = last + 1;
            }
        }
    }

    private static boolean mustEscape(int codePoint) {
        return codePoint < ' ' || codePoint == '"' || codePoint == '\\';
    }

    private static int lastPlain(int first, int high) {
        int before = first <= '"' ? '"' - 1 : first <= '\\' ? '\\' - 1 : high;
        return Math.min(before, high);
    }

    private static String escape(int codePoint) {
        int known = SHORT_ESCAPES.indexOf(codePoint);
        return known >= 0 ? "\\" + "btnfr\"\\".charAt(known) : "\\u%04x".formatted(codePoint);
    }

    /** A string as JSON writes it, with its quotes. A lone surrogate, which UTF-8 cannot hold, is refused. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(codePoint -> {
            if (Character.getType(codePoint) == Character.SURROGATE) {
                throw new IllegalArgumentException("found a lone surrogate, \\u%04x, in a text, expected whole characters"
                        .formatted(codePoint));
            }
            if (mustEscape(codePoint)) {
                quoted.append(escape(codePoint));
            } else {
                quoted.appendCodePoint(codePoint);
            }
        });
        return quoted.append('"').toString();
    }
}
