package dev.ondine.explorer.validate;

import dev.ondine.explorer.validate.Measurement.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Predictions beside measurements, with what they come to. */
public record ValidationReport(List<Residual> residuals) {

    /**
     * How far predictions of one kind are off.
     *
     * @param median of the residuals' sizes
     * @param p95    the size that 95 of 100 do not exceed
     * @param bias   median of the signed residuals: above 0 if too much is predicted
     */
    public record Summary(Kind kind, boolean heldOut, int count, double median, double p95, double bias) {
    }

    /** Of each kind, the tuned part and the held-out one. */
    public List<Summary> summaries() {
        return Stream.of(false, true).flatMap(heldOut -> Stream.of(Kind.values()).flatMap(kind -> summary(kind, heldOut))).toList();
    }

    private Stream<Summary> summary(Kind kind, boolean heldOut) {
        List<Double> signed = residuals.stream()
                .filter(residual -> residual.measurement().kind() == kind && residual.subject().heldOut() == heldOut)
                .map(Residual::relative).sorted().toList();
        if (signed.isEmpty()) {
            return Stream.empty();
        }
        List<Double> sizes = signed.stream().map(Math::abs).sorted().toList();
        return Stream.of(new Summary(kind, heldOut, sizes.size(), at(sizes, 0.5), at(sizes, 0.95), at(signed, 0.5)));
    }

    /** The least value that so large a share does not exceed. */
    private static double at(List<Double> sorted, double share) {
        return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
    }

    /** What it comes to, as a Markdown table. */
    public List<String> summaryTable() {
        List<String> lines = new ArrayList<>();
        lines.add("| part | kind | points | median error | 95th percentile | bias |");
        lines.add("|---|---|---:|---:|---:|---:|");
        for (Summary summary : summaries()) {
            lines.add("| %s | %s | %d | %.1f %% | %.1f %% | %+.1f %% |".formatted(part(summary.heldOut()), words(summary.kind()), summary.count(),
                    100 * summary.median(), 100 * summary.p95(), 100 * summary.bias()));
        }
        return lines;
    }

    /** The summary and every residual, as Markdown tables. */
    public List<String> markdown() {
        List<String> lines = new ArrayList<>(summaryTable());
        lines.add("");
        lines.add("| part | model | format | measured | unit | predicted | measured | residual |");
        lines.add("|---|---|---|---|---|---:|---:|---:|");
        for (Residual residual : residuals) {
            lines.add("| %s | %s | %s | %s | %s | %s | %s | %+.1f %% |".formatted(part(residual.subject().heldOut()), residual.subject().shape(),
                    residual.subject().format(), residual.measurement().name(), residual.measurement().kind().unit(),
                    digits(residual.predicted()), digits(residual.measured()), 100 * residual.relative()));
        }
        return lines;
    }

    private static String part(boolean heldOut) {
        return heldOut ? "held out" : "tuned";
    }

    private static String words(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String digits(double value) {
        return value >= 100 ? "%.0f".formatted(value) : value >= 10 ? "%.1f".formatted(value) : "%.3f".formatted(value);
    }
}
