package dev.ondine.engine;

import java.util.List;

/** Watches a stream of text for stop strings, across the borders of its pieces; holds back what might begin one. */
final class StopText {

    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean stopped;

    StopText(List<String> stops) {
        this.stops = stops;
    }

    /** Takes more text; returns what is certainly before any stop string. */
    String accept(String piece) {
        if (stopped) {
            return "";
        }
        held.append(piece);
        int first = firstStop();
        if (first >= 0) {
            stopped = true;
            held.setLength(first);
            return flush();
        }
        int safe = held.length() - longestBeginning();
        String certain = held.substring(0, safe);
        held.delete(0, safe);
        return certain;
    }

    /** Whether a stop string was seen. */
    boolean isStopped() {
        return stopped;
    }

    /** What was held back, once no more text comes. */
    String flush() {
        String rest = held.toString();
        held.setLength(0);
        return rest;
    }

    private int firstStop() {
        return stops.stream().mapToInt(held::indexOf).filter(index -> index >= 0).min().orElse(-1);
    }

    private int longestBeginning() {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, held.length()); length > longest; length--) {
                if (stop.startsWith(held.substring(held.length() - length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }
}
