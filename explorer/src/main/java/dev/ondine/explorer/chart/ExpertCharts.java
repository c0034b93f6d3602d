package dev.ondine.explorer.chart;

import dev.ondine.explorer.chart.Chart.Axis;
import dev.ondine.explorer.chart.Chart.Point;
import dev.ondine.explorer.chart.Chart.Series;
import dev.ondine.explorer.chart.Chart.Style;
import dev.ondine.roofline.catalogue.Catalogue;
import dev.ondine.roofline.catalogue.ModelCard;
import dev.ondine.roofline.cost.Demand;
import dev.ondine.roofline.cost.Step;
import dev.ondine.roofline.formula.ExpertUnion;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.StoredFormat;
import dev.ondine.roofline.shape.WeightGroup;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;

/** What mixtures of experts read, by how many tokens share a step. */
final class ExpertCharts {

    private static final double GIGA = 1e9;
    private static final int LARGEST_BATCH = 256;

    private ExpertCharts() {
    }

    /** Bytes of weights that a step reads for each of its tokens. */
    static Chart traffic(Catalogue catalogue, ChartSettings settings) {
        Precision precision = new Precision.Uniform(StoredFormat.ofBits(settings.bits()));
        return new Chart("experts", "Mixture of experts: weights read per token",
                "%s bits a weight, each sequence decodes one token in a step".formatted(Digits.brief(settings.bits())),
                Axis.log("batch", "tokens"), Axis.log("weights read per token", "GB"),
                lines(catalogue, (shape, batch) -> Demand.of(shape, precision, StoredFormat.F16, Step.decode(batch, 0)).weightBytes()
                        / batch / GIGA), List.of(),
                List.of("A batch reads what all tokens share once, and the union of their experts. Caches are left out."),
                sources());
    }

    /** Different experts of a layer that a step reads. */
    static Chart union(Catalogue catalogue) {
        return new Chart("expert-union", "Mixture of experts: experts of a layer that a batch touches",
                "Each token chooses evenly and by itself", Axis.log("batch", "tokens"), Axis.log("experts", ""),
                lines(catalogue, (shape, batch) -> ExpertUnion.expected(shape.experts(), shape.activeExperts(), batch)), List.of(),
                List.of("E (1 - (1 - k/E)^B) of E experts when each of B tokens uses k. Real tokens choose alike and touch fewer."),
                sources());
    }

    private static List<Series> lines(Catalogue catalogue, ToDoubleBiFunction<ModelShape, Integer> value) {
        // Models trained further have the shape of their elder; one line stands for both.
        Set<List<WeightGroup>> seen = new HashSet<>();
        return catalogue.models().stream().filter(ModelCard::hasSize).filter(card -> card.shape().isMixture())
                .filter(card -> seen.add(card.shape().weights())).sorted(Comparator.comparingLong(card -> card.shape().parameters()))
                .map(card -> new Series(named(card), Style.LINE, IntStream.iterate(1, batch -> batch <= LARGEST_BATCH, batch -> 2 * batch)
                        .mapToObj(batch -> Point.of(batch, value.applyAsDouble(card.shape(), batch))).toList())).toList();
    }

    private static String named(ModelCard card) {
        return "%s (%d of %d)".formatted(card.name(), card.shape().activeExperts(), card.shape().experts());
    }

    private static List<String> sources() {
        return List.of("Mixtral of Experts, arXiv:2401.04088", "Eliseev and Mazur, arXiv:2312.17238", "the catalogue of models");
    }
}
