package dev.ondine.explorer.chart;

import java.util.List;
import java.util.stream.Stream;

/**
 * A rectangle of characters to draw on: dots, two wide and four high in each character, and text above them.
 *
 * @see <a href="https://www.unicode.org/charts/PDF/U2800.pdf">Unicode, Braille Patterns</a>
 */
final class BrailleCanvas {

    static final int DOTS_ACROSS = 2;
    static final int DOTS_DOWN = 4;

    private static final char FREE = 0;
    private static final int FIRST_PATTERN = 0x2800;

    /** Bits of the dots of a character, [row][column]. */
    private static final int[][] BITS = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

    private final int[][] dots;
    private final char[][] text;

    BrailleCanvas(int columns, int rows) {
        dots = new int[rows][columns];
        text = new char[rows][columns];
    }

    int columns() {
        return text[0].length;
    }

    int rows() {
        return text.length;
    }

    /** Sets the dots of a straight line between two positions; 0, 0 is the lower left corner, 1, 1 the upper right one. */
    void line(double x1, double y1, double x2, double y2) {
        double right = columns() * DOTS_ACROSS - 1.0;
        double top = rows() * DOTS_DOWN - 1.0;
        int steps = (int) Math.ceil(Math.max(Math.abs(x2 - x1) * right, Math.abs(y2 - y1) * top));
        for (int step = 0; step <= steps; step++) {
            double share = steps == 0 ? 0 : (double) step / steps;
            dot((int) Math.round((x1 + (x2 - x1) * share) * right), (int) Math.round((1 - (y1 + (y2 - y1) * share)) * top));
        }
    }

    private void dot(int across, int down) {
        dots[down / DOTS_DOWN][across / DOTS_ACROSS] |= BITS[down % DOTS_DOWN][across % DOTS_ACROSS];
    }

    int column(double x) {
        return Math.clamp((int) (x * columns()), 0, columns() - 1);
    }

    int row(double y) {
        return Math.clamp((int) ((1 - y) * rows()), 0, rows() - 1);
    }

    void put(int column, int row, char mark) {
        text[row][column] = mark;
    }

    boolean hasText(int column, int row) {
        return text[row][column] != FREE;
    }

    /** Fills a row where nothing else is. */
    void rule(int row, char mark) {
        for (int column = 0; column < columns(); column++) {
            if (text[row][column] == FREE && dots[row][column] == 0) {
                text[row][column] = mark;
            }
        }
    }

    /** Writes text if the whole of it fits where no other text and no line is. @return whether it did */
    boolean write(int column, int row, String words) {
        if (row < 0 || row >= rows() || column < 0 || column + words.length() > columns()) {
            return false;
        }
        for (int i = 0; i < words.length(); i++) {
            if (text[row][column + i] != FREE || dots[row][column + i] != 0) {
                return false;
            }
        }
        words.getChars(0, words.length(), text[row], column);
        return true;
    }

    List<String> lines() {
        return Stream.iterate(0, row -> row < rows(), row -> row + 1).map(this::line).toList();
    }

    private String line(int row) {
        char[] line = text[row].clone();
        for (int column = 0; column < line.length; column++) {
            if (line[column] == FREE) {
                line[column] = dots[row][column] == 0 ? ' ' : (char) (FIRST_PATTERN + dots[row][column]);
            }
        }
        return new String(line);
    }
}
