package dev.ondine.roofline.solve;

import java.util.ArrayList;
import java.util.List;

/** Values from one to another, both included. */
record ValueRange(double low, double high) {

    /** What both have; ranges that miss each other by less than the slip touch. */
    static List<ValueRange> intersection(List<ValueRange> some, List<ValueRange> others, double slip) {
        List<ValueRange> common = new ArrayList<>();
        for (ValueRange one : some) {
            for (ValueRange other : others) {
                double low = Math.max(one.low, other.low);
                double high = Math.min(one.high, other.high);
                if (low <= high) {
                    common.add(new ValueRange(low, high));
                } else if (low <= high * (1 + slip)) {
                    common.add(new ValueRange(low, low));
                }
            }
        }
        return common;
    }

    static boolean contains(List<ValueRange> ranges, double value) {
        return ranges.stream().anyMatch(range -> range.low <= value && value <= range.high);
    }
}
