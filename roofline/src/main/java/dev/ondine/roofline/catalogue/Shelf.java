package dev.ondine.roofline.catalogue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Entries of one kind by their ids. */
final class Shelf<T> {

    private final String kind;
    private final Function<Card, T> reader;
    private final Map<String, T> entries;

    private Shelf(String kind, Function<Card, T> reader, Map<String, T> entries) {
        this.kind = kind;
        this.reader = reader;
        this.entries = entries;
    }

    /**
     * @param kind   what stands on it, for errors: {@code device}
     * @param reader what makes an entry of a card
     */
    static <T> Shelf<T> empty(String kind, Function<Card, T> reader) {
        return new Shelf<>(kind, reader, Map.of());
    }

    /**
     * This shelf and the entries of more cards; they replace those of the same id.
     *
     * @throws IllegalArgumentException with file and line, if a card is bad or two of them have the same id
     */
    Shelf<T> with(List<Card> cards) {
        Map<String, Card> byId = new LinkedHashMap<>();
        Map<String, T> all = new LinkedHashMap<>(entries);
        for (Card card : cards) {
            Card first = byId.putIfAbsent(card.id(), card);
            if (first != null) {
                throw card.wrong("is in %s:%d already".formatted(first.file(), first.line()));
            }
            all.put(card.id(), reader.apply(card));
        }
        return new Shelf<>(kind, reader, all);
    }

    /** @throws IllegalArgumentException that offers the nearest ids */
    T get(String id) {
        T entry = entries.get(id);
        if (entry == null) {
            throw new IllegalArgumentException("no %s is called \"%s\"%s".formatted(kind, id, Spelling.offer(id, entries.keySet())));
        }
        return entry;
    }

    /** In the order of the files. */
    List<T> all() {
        return new ArrayList<>(entries.values());
    }
}
