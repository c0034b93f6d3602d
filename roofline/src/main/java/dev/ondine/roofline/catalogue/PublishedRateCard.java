package dev.ondine.roofline.catalogue;

import dev.ondine.roofline.catalogue.PublishedRate.Quantity;
import dev.ondine.roofline.catalogue.PublishedRate.Stack;
import dev.ondine.roofline.device.Figure;
import dev.ondine.roofline.device.Unit;
import dev.ondine.roofline.shape.Precision;
import java.util.List;

/** The card of a speed that somebody published. */
final class PublishedRateCard {

    static final List<String> KEYS = List.of("device", "devices", "model", "format", "kind", "context", "prompt", "batch", "stack",
            "result");

    private static final int MOST_DEVICES = 100_000;
    private static final int MOST_TOKENS = 100_000_000;
    private static final int USUAL_PROMPT = 512;
    private static final double LEAST_RATE = 1e-6;
    private static final double MOST_RATE = 1e9;

    private PublishedRateCard() {
    }

    static PublishedRate read(Card card) {
        card.allowOnly(KEYS);
        Quantity quantity = card.choice("kind", Quantity.class);
        Unit unit = quantity == Quantity.FIRST_TOKEN ? Unit.SECONDS : Unit.TOKENS_PER_SECOND;
        Figure result = card.required("result").figure(unit, LEAST_RATE, MOST_RATE);
        if (!result.isKnown()) {
            throw card.required("result").wrong("result: is unknown, so there is nothing to hold a prediction to");
        }
        return new PublishedRate(card.id(), card.required("device").text(), (int) card.number("devices", 1, MOST_DEVICES, 1),
                card.required("model").text(), precision(card.required("format")), quantity,
                (int) card.number("context", 0, MOST_TOKENS, 0),
                (int) card.number("prompt", 1, MOST_TOKENS, USUAL_PROMPT), (int) card.number("batch", 1, MOST_TOKENS, 1),
                card.choice("stack", Stack.class), result);
    }

    private static Precision precision(Field field) {
        try {
            return Precision.named(field.text());
        } catch (IllegalArgumentException unknown) {
            throw field.wrong("format: " + unknown.getMessage());
        }
    }
}
