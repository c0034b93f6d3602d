package dev.ondine.roofline.catalogue;

import dev.ondine.roofline.device.Figure;
import dev.ondine.roofline.device.Unit;
import java.util.List;

/** The card of a memory generation. */
final class MemoryCard {

    static final List<String> KEYS = List.of("name", "piece", "year", "rate", "width", "usable", "bandwidth", "write bandwidth",
            "capacity", "energy");

    private final Card card;

    private MemoryCard(Card card) {
        this.card = card;
    }

    static MemoryKind read(Card card) {
        card.allowOnly(KEYS);
        return new MemoryCard(card).kind();
    }

    private MemoryKind kind() {
        return new MemoryKind(card.id(), card.required("name").text(), card.words("piece", ""),
                figure("year", Unit.YEAR, 1980, 2100),
                figure("rate", Unit.TRANSFERS_PER_SECOND, 1e8, 1e12),
                figure("width", Unit.BITS, 1, 65_536),
                figure("usable", Unit.SHARE, 0.1, 1),
                figure("bandwidth", Unit.BYTES_PER_SECOND, 1e6, 1e17),
                figure("write bandwidth", Unit.BYTES_PER_SECOND, 1e6, 1e17),
                figure("capacity", Unit.BYTES, 1e6, 1e15),
                figure("energy", Unit.JOULES_PER_BIT, 1e-15, 1e-9));
    }

    private Figure figure(String key, Unit unit, double least, double most) {
        return card.field(key).map(field -> field.figure(unit, least, most)).orElseGet(() -> Figure.unknown("not in the catalogue"));
    }
}
