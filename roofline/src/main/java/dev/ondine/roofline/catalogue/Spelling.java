package dev.ondine.roofline.catalogue;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What somebody may have meant: known names by edit distance, with case and punctuation ignored. */
public final class Spelling {

    private static final int OFFERED = 4;
    /** Per letter; somebody who types a beginning means the whole name rather than one with another letter. */
    private static final double MISSING_END = 0.1;

    private Spelling() {
    }

    /** The names that are near, nearest first; none if none is. */
    static List<String> nearest(String word, Collection<String> known) {
        double limit = Math.max(2, plain(word).length() / 3.0);
        return known.stream().filter(name -> distance(word, name) <= limit)
                .sorted(Comparator.<String>comparingDouble(name -> distance(word, name)).thenComparing(Comparator.naturalOrder()))
                .limit(OFFERED).toList();
    }

    /** The end of an error message: {@code ; nearest: a, b}. */
    public static String offer(String word, Collection<String> known) {
        List<String> near = nearest(word, known);
        return near.isEmpty() ? "" : "; nearest: " + String.join(", ", near);
    }

    static double distance(String word, String name) {
        String left = plain(word);
        String right = plain(name);
        boolean beginning = !left.isEmpty() && right.startsWith(left);
        return beginning ? MISSING_END * (right.length() - left.length()) : edits(left, right);
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{Alnum}]", "");
    }

    /** Levenshtein's distance: letters added, dropped or replaced. */
    private static int edits(String left, String right) {
        int[] above = new int[right.length() + 1];
        for (int j = 0; j < above.length; j++) {
            above[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int[] row = new int[above.length];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = above[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[right.length()];
    }
}
