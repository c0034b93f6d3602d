package dev.ondine.explorer.chart;

import dev.ondine.explorer.chart.Chart.Axis;
import dev.ondine.explorer.chart.Chart.Point;
import dev.ondine.explorer.chart.Chart.ReferenceLine;
import dev.ondine.explorer.chart.Chart.Series;
import dev.ondine.explorer.chart.Chart.Style;
import dev.ondine.roofline.catalogue.Catalogue;
import dev.ondine.roofline.catalogue.ModelCard;
import dev.ondine.roofline.device.Trust;
import dev.ondine.roofline.shape.StoredFormat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How large models are: over the years, and in each number format. */
final class ModelSizeCharts {

    private static final double GIGA = 1e9;

    /** The year in which makers first ran language models on phones. */
    private static final double DEVICE_AGE = 2023;

    private ModelSizeCharts() {
    }

    /** Parameters by year of announcement; models that fit a phone are a branch of their own. */
    static Chart overYears(Catalogue catalogue, ChartSettings settings) {
        double most = settings.phoneBytes() * 8 / settings.bits();
        List<ModelCard> dated = catalogue.models().stream().filter(card -> card.year().isKnown() && card.parameters().isKnown()).toList();
        String phone = "%s GB at %s bits".formatted(Digits.brief(settings.phoneBytes() / GIGA), Digits.brief(settings.bits()));
        List<Series> series = Stream.of(
                points("too large for a phone", dated, card -> card.parameters().value() > most),
                points("fits a phone: the device branch", dated, card -> card.parameters().value() <= most && isOfDeviceAge(card)),
                points("small, before " + Digits.brief(DEVICE_AGE), dated,
                        card -> card.parameters().value() <= most && !isOfDeviceAge(card)))
                .filter(one -> !one.points().isEmpty()).toList();
        return new Chart("model-sizes", "Model size over years", "All parameters, idle experts included", Axis.linear("year", ""),
                Axis.log("parameters", "billion"), series, List.of(new ReferenceLine("fits a phone: " + phone, most / GIGA)),
                List.of("Sizes that nobody has published are left out; rumoured ones are hollow."),
                List.of("the catalogue of models, with a source for each"));
    }

    /** The largest so far come first: where labels find no room, theirs do. */
    private static Series points(String name, List<ModelCard> cards, Predicate<ModelCard> chosen) {
        List<ModelCard> byYear = cards.stream().filter(chosen).sorted(Comparator.comparingDouble(card -> card.year().value())).toList();
        List<ModelCard> records = new ArrayList<>();
        double largest = 0;
        for (ModelCard card : byYear) {
            if (card.parameters().value() > largest) {
                records.add(card);
                largest = card.parameters().value();
            }
        }
        Stream<ModelCard> rest = byYear.stream().filter(Predicate.not(records::contains));
        return new Series(name, Style.POINTS, Stream.concat(records.reversed().stream(), rest)
                .map(card -> new Point(card.year().value(), card.parameters().value() / GIGA, card.name(), isRumour(card))).toList());
    }

    private static boolean isOfDeviceAge(ModelCard card) {
        return card.year().value() >= DEVICE_AGE;
    }

    private static boolean isRumour(ModelCard card) {
        return card.parameters().trust() == Trust.RUMOURED;
    }

    /** Bytes of the weights in each format: parameters x bits / 8, scales of groups included. */
    static Chart byFormat(Catalogue catalogue, ChartSettings settings) {
        List<ModelCard> models = settings.models().stream().map(catalogue::model).toList();
        List<Series> series = settings.formats().stream().map(StoredFormat::named).map(format -> sizes(format, models)).toList();
        return new Chart("sizes", "Model size by number format", "All weights in one format; a group's scale and minimum are counted",
                Axis.categories("model", models.stream().map(ModelCard::name).toList()), Axis.log("weights", "GB"), series,
                List.of(new ReferenceLine("a phone spares %s GB".formatted(Digits.brief(settings.phoneBytes() / GIGA)),
                        settings.phoneBytes() / GIGA)),
                List.of("1 GB = 10^9 bytes."), List.of("block layouts of ggml", "the catalogue of models"));
    }

    private static Series sizes(StoredFormat format, List<ModelCard> models) {
        return new Series(format.name(), Style.BARS, IntStream.range(0, models.size())
                .mapToObj(place -> Point.of(place, format.bytes(models.get(place).shape().parameters()) / GIGA)).toList());
    }
}
