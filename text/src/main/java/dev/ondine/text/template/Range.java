package dev.ondine.text.template;

import java.util.AbstractList;
import java.util.List;

/** A Python range: {@code count} integers from {@code start} before {@code stop} in steps of {@code step}. */
record Range(long start, long stop, long step, int count) {

    List<Object> items() {
        return new AbstractList<>() {
            @Override
            public Object get(int index) {
                return start + step * index;
            }

            @Override
            public int size() {
                return count;
            }
        };
    }
}
