package dev.ondine.text.template;

import java.util.Arrays;
import java.util.List;

/**
 * A Python tuple.
 *
 * @param group whether it comes from the groupby filter and answers to {@code grouper} and {@code list}
 */
record Tuple(List<Object> items, boolean group) {

    static Tuple of(Object... items) {
        return new Tuple(Arrays.asList(items), false);
    }
}
