package dev.ondine.roofline.catalogue;

import dev.ondine.roofline.device.Figure;
import dev.ondine.roofline.device.Unit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The reader of a model's card: words, figures, and the shape where the card has one. */
final class ModelCardReader {

    static final List<String> KEYS = List.of("name", "family", "maker", "year", "parameters", "active parameters", "context",
            "modality", "note");

    private static final double MOST_PARAMETERS = 1e15;
    private static final double MOST_TOKENS = 1e9;
    private static final String QUALITY = "quality ";

    private final Card card;

    private ModelCardReader(Card card) {
        this.card = card;
    }

    static ModelCard read(Card card) {
        return new ModelCardReader(card).model();
    }

    private ModelCard model() {
        Map<String, Figure> qualities = qualities();
        card.allowOnly(Stream.of(KEYS, ModelShapeKeys.ALL, qualities.keySet().stream().map(QUALITY::concat).toList())
                .flatMap(List::stream).toList());
        Figure parameters = card.required("parameters").figure(Unit.NUMBER, 1, MOST_PARAMETERS);
        Figure active = card.field("active parameters").map(field -> field.figure(Unit.NUMBER, 1, MOST_PARAMETERS)).orElse(parameters);
        Figure context = figure("context", Unit.NUMBER, 1, MOST_TOKENS);
        String name = card.required("name").text();
        return new ModelCard(card.id(), name, card.required("family").text(), card.words("maker", ""),
                figure("year", Unit.YEAR, 1980, 2100), parameters, active, context, new ModelShapeKeys(card).shape(name, Math.round(context.or(0))), modalities(), qualities,
                card.words("shape source", ""), card.words("note", ""));
    }

    private Figure figure(String key, Unit unit, double least, double most) {
        return card.field(key).map(field -> field.figure(unit, least, most)).orElseGet(() -> Figure.unknown("not in the catalogue"));
    }

    private List<String> modalities() {
        List<String> given = card.list("modality");
        return given.isEmpty() ? List.of("text") : given;
    }

    private Map<String, Figure> qualities() {
        Map<String, Figure> qualities = new TreeMap<>();
        card.fields().values().stream().filter(field -> field.key().startsWith(QUALITY))
                .forEach(field -> qualities.put(field.key().substring(QUALITY.length()), field.figure(Unit.SHARE, 0, 1)));
        return qualities;
    }
}
