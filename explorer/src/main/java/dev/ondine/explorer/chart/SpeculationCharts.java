package dev.ondine.explorer.chart;

import dev.ondine.explorer.chart.Chart.Axis;
import dev.ondine.explorer.chart.Chart.Point;
import dev.ondine.explorer.chart.Chart.ReferenceLine;
import dev.ondine.explorer.chart.Chart.Series;
import dev.ondine.explorer.chart.Chart.Style;
import dev.ondine.roofline.formula.Speculation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What speculative decoding gains on one machine. */
final class SpeculationCharts {

    private static final String PAPER = "Leviathan, Kalman, Matias 2023, arXiv:2211.17192";
    private static final ReferenceLine NO_GAIN = new ReferenceLine("no gain", 1);

    /** A case of the paper's tables 2 and 4: T5-XXL with smaller T5 models as draft, on a TPU v4. */
    private record Case(String task, String temperature, String draft, int draftTokens, double acceptance, double cost, double measured) {

        String name() {
            return "%s T=%s %s".formatted(task, temperature, draft);
        }

        double expected() {
            return Speculation.speedUp(acceptance, draftTokens, cost);
        }
    }

    private static final List<Case> CASES = List.of(
            new Case("EnDe", "0", "small", 7, 0.75, 0.02, 3.4), new Case("EnDe", "0", "base", 7, 0.80, 0.04, 2.8),
            new Case("EnDe", "0", "large", 7, 0.82, 0.11, 1.7), new Case("EnDe", "1", "small", 7, 0.62, 0.02, 2.6),
            new Case("EnDe", "1", "base", 5, 0.68, 0.04, 2.4), new Case("EnDe", "1", "large", 3, 0.71, 0.11, 1.4),
            new Case("CNNDM", "0", "small", 5, 0.65, 0.02, 3.1), new Case("CNNDM", "0", "base", 5, 0.73, 0.04, 3.0),
            new Case("CNNDM", "0", "large", 3, 0.74, 0.11, 2.2), new Case("CNNDM", "1", "small", 5, 0.53, 0.02, 2.3),
            new Case("CNNDM", "1", "base", 3, 0.55, 0.04, 2.2), new Case("CNNDM", "1", "large", 3, 0.56, 0.11, 1.7));

    private SpeculationCharts() {
    }

    /** Speed-up by the length of the draft. */
    static Chart byDraft(ChartSettings settings) {
        List<Series> series = new ArrayList<>();
        for (double cost : settings.drafts().costs()) {
            for (double acceptance : settings.drafts().acceptances()) {
                series.add(new Series("α %s, c %s".formatted(Digits.brief(acceptance), Digits.brief(cost)), Style.LINE,
                        IntStream.rangeClosed(1, settings.drafts().longest())
                                .mapToObj(tokens -> Point.of(tokens, Speculation.speedUp(acceptance, tokens, cost))).toList()));
            }
        }
        series.add(new Series("measured, T5-XXL 11B", Style.POINTS, CASES.stream()
                .map(one -> new Point(one.draftTokens(), one.measured(), one.name(), false)).toList()));
        return new Chart("speculation", "Speculative decoding: speed-up by length of the draft",
                "α: share of drafted tokens that are accepted; c: cost of a drafted token in passes of the large model",
                Axis.linear("drafted tokens γ", ""), Axis.linear("speed-up", "times"), series, List.of(NO_GAIN),
                List.of("Speed-up = (1 - α^(γ+1)) / ((1 - α)(γ c + 1)). A pass that checks γ + 1 tokens is taken to cost as much as one: "
                        + "true while the machine waits for memory."), List.of(PAPER));
    }

    /** What the formula expects beside what was measured. */
    static Chart measured() {
        Axis cases = Axis.categories("task, temperature, draft model", CASES.stream().map(Case::name).toList());
        return new Chart("speculation-measured", "Speculative decoding: expected and measured",
                "T5-XXL 11B with smaller T5 models as draft, TPU v4, one sequence", cases, Axis.linear("speed-up", "times"),
                List.of(bars("expected", Case::expected), bars("measured", Case::measured)), List.of(NO_GAIN),
                List.of("EnDe: translation from English to German; CNNDM: summaries of news."), List.of(PAPER + ", tables 2 and 4"));
    }

    private static Series bars(String name, ToDoubleFunction<Case> value) {
        return new Series(name, Style.BARS, IntStream.range(0, CASES.size())
                .mapToObj(place -> Point.of(place, value.applyAsDouble(CASES.get(place)))).toList());
    }
}
