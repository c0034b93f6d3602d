package dev.ondine.text.grammar;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A set of code points.
 *
 * @param ranges pairs of first and last, in order, without overlap
 */
record CharSet(List<Range> ranges) {

    static final CharSet ALL = of(0, Character.MAX_CODE_POINT);

    /** Code points from one to another, both included. */
    record Range(int low, int high) { }

    static CharSet of(int low, int high) {
        return new CharSet(List.of(new Range(low, high)));
    }

    /** The characters of a text. */
    static CharSet of(String characters) {
        BitSet bits = new BitSet();
        characters.codePoints().forEach(bits::set);
        return of(bits);
    }

    static CharSet of(BitSet bits) {
        List<Range> ranges = new ArrayList<>();
        for (int low = bits.nextSetBit(0); low >= 0; ) {
            int end = bits.nextClearBit(low);
            ranges.add(new Range(low, end - 1));
            low = bits.nextSetBit(end);
        }
        return new CharSet(List.copyOf(ranges));
    }

    void addTo(BitSet bits) {
        ranges.forEach(range -> bits.set(range.low, range.high + 1));
    }

    CharSet complement() {
        BitSet bits = new BitSet();
        addTo(bits);
        bits.flip(0, Character.MAX_CODE_POINT + 1);
        return of(bits);
    }
}
