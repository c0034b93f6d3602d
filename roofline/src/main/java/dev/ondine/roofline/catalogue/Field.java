package dev.ondine.roofline.catalogue;

import dev.ondine.roofline.device.Figure;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.device.Trust;
import dev.ondine.roofline.device.Unit;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One line of a card: {@code key: text}.
 *
 * @param file as the user knows it
 * @param line from 1
 */
record Field(String key, String text, String file, int line) {

    private static final String UNKNOWN = "?";
    private static final String FORM = "expected \"value unit | trust | source\"";

    /** An error that says where. */
    IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("%s:%d: %s".formatted(file, line, what));
    }

    /** The number of a device, in the base unit of the specification. */
    Figure figure(Spec spec) {
        return figure(spec.unit(), spec.least(), spec.most());
    }

    /**
     * Reads {@code 76.8 GB/s | inferred | 9600 MT/s x 64 bit / 8}, or {@code ? | unknown | why}.
     *
     * @throws IllegalArgumentException with file and line, if a part is missing, the unit is not known or the value is out of range
     */
    Figure figure(Unit unit, double least, double most) {
        String[] parts = text.split("\\|", 3);
        if (parts.length < 3 || parts[2].isBlank()) {
            throw wrong("%s: \"%s\" does not say %s, %s".formatted(key, text, parts.length < 2 ? "trust and source" : "its source", FORM));
        }
        String number = parts[0].strip();
        Trust trust = trust(parts[1].strip());
        if (number.equals(UNKNOWN) != (trust == Trust.UNKNOWN)) {
            throw wrong("%s: \"%s | %s\", expected \"?\" with unknown, and only with unknown".formatted(key, number, parts[1].strip()));
        }
        String source = parts[2].strip();
        return trust == Trust.UNKNOWN ? Figure.unknown(source) : new Figure(value(number, unit, least, most), trust, source);
    }

    private Trust trust(String word) {
        Optional<Trust> trust = Stream.of(Trust.values()).filter(known -> word(known).equals(word)).findAny();
        return trust.orElseThrow(() -> wrong("%s: trust \"%s\", expected one of %s".formatted(key, word,
                Stream.of(Trust.values()).map(Field::word).collect(Collectors.joining(", ")))));
    }

    private static String word(Trust trust) {
        return trust.name().toLowerCase(Locale.ROOT);
    }

    private double value(String number, Unit unit, double least, double most) {
        double value;
        try {
            value = unit.parse(number);
        } catch (IllegalArgumentException notAQuantity) {
            throw wrong(key + ": " + notAQuantity.getMessage());
        }
        if (!(value >= least && value <= most)) {
            throw wrong("%s is %s, expected %s to %s %s".formatted(key, number, least, most, unit.base()).strip());
        }
        return value;
    }
}
