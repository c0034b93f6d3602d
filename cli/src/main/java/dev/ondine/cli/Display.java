package dev.ondine.cli;

/** Numbers and texts as people read them. */
final class Display {

    private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Display() {
    }

    /** {@code 5.68 MiB}. */
    static String bytes(double bytes) {
        int unit = 0;
        for (; bytes >= 1024 && unit < BINARY.length - 1; unit++) {
            bytes /= 1024;
        }
        return (unit == 0 ? "%.0f %s" : "%.2f %s").formatted(bytes, BINARY[unit]);
    }

    /** {@code 5.51 M}. */
    static String parameters(long count) {
        return count >= 1_000_000_000 ? "%.2f B".formatted(count / 1e9)
                : count >= 1_000_000 ? "%.2f M".formatted(count / 1e6) : "%.2f K".formatted(count / 1e3);
    }

    /** Without the control characters that could steer a terminal; ends of line and tabs stay. */
    static String harmless(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (!Character.isISOControl(character) || character == '\n' || character == '\t') {
                kept.append(character);
            }
        }
        return kept.toString();
    }

    /** In quotation marks, one line, nothing that could steer a terminal. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(point -> {
            switch (point) {
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '"', '\\' -> quoted.append('\\').append((char) point);
                default -> appendVisible(quoted, point);
            }
        });
        return quoted.append('"').toString();
    }

    private static void appendVisible(StringBuilder quoted, int point) {
        int type = Character.getType(point);
        if (type == Character.CONTROL || type == Character.FORMAT || type == Character.SURROGATE) {
            quoted.append("\\u{%x}".formatted(point));
        } else {
            quoted.appendCodePoint(point);
        }
    }
}
