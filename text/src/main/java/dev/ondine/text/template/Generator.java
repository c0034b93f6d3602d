package dev.ondine.text.template;

import java.util.List;

/** What filters like map and select return: always true, without a length, and empty once it has been read. */
final class Generator {

    private List<Object> items;

    Generator(List<Object> items) {
        this.items = items;
    }

    List<Object> drain() {
        List<Object> all = items;
        items = List.of();
        return all;
    }

    /** The first element, which is gone afterwards; absent at the end. */
    Object next() {
        if (items.isEmpty()) {
            return Scope.ABSENT;
        }
        Object first = items.getFirst();
        items = items.subList(1, items.size());
        return first;
    }
}
