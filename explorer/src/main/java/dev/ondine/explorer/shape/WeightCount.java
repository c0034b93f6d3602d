package dev.ondine.explorer.shape;

import dev.ondine.roofline.shape.WeightGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tensors of a file, put together where only their layers differ. */
final class WeightCount {

    private final Map<WeightGroup, Integer> copies = new LinkedHashMap<>();

    /** @param one group of a single copy */
    void add(WeightGroup one) {
        copies.merge(one, 1, Integer::sum);
    }

    List<WeightGroup> groups() {
        return copies.entrySet().stream().map(entry -> entry.getKey().times(entry.getValue())).toList();
    }
}
