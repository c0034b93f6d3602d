package dev.ondine.explorer.validate;

import dev.ondine.roofline.catalogue.PublishedRate;
import dev.ondine.roofline.catalogue.PublishedRate.Quantity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Function;

/** Predictions beside published speeds, with what they come to. */
public record PublishedReport(List<PublishedResidual> residuals) {

    private static final List<String> INTRODUCTION = """
            # Predictions beside published speeds

            Speeds that others measured, and what Ondine predicts of them; regenerate with `./ondine plan --published -o
            docs/published.md`. The cards are in `roofline/src/main/resources/dev/ondine/roofline/catalogue/published/`; [the
            catalogue](catalogue.md) says how to add more. A residual above 0 means that more was predicted than published; for the time
            of a first token, that it was expected later.

            A prediction takes shape, bandwidth and peaks from the catalogue and the efficiency that a plan assumes if nobody gives one:
            no number is fitted to a point. `tuned` is 75 % of the bandwidth from 3 billion parameters on, 50 % below 2 billion or with
            a large vocabulary, the device's own share where its card states one. `plain` is a program that is bound by its own software
            (Hugging Face Transformers): 30 %. Several devices count as one of so many times the bandwidth, memory and peak; what passes
            between them is not counted. `?` is a device whose bandwidth nobody has published.

            The kinds differ much, so read the row of the kind that you ask for; the first row depends on how many points of each kind
            were found. Weak are: prompts and first tokens, above all on several devices; programs bound by their own software; models
            below 2 billion parameters; and 4-bit formats in llama.cpp on fast graphics processors, whose kernels reach far less of the
            bandwidth than 16-bit ones.
            """.lines().toList();

    /**
     * How far the predictions of some points are off.
     *
     * @param group  what the points have in common
     * @param count  points that could be predicted
     * @param median of the residuals' sizes
     * @param bias   median of the signed residuals: above 0 if too much is predicted
     */
    public record Group(String group, int count, double median, double bias) {
    }

    public PublishedReport {
        residuals = List.copyOf(residuals);
    }

    /** Points that could be predicted. */
    public List<PublishedResidual> known() {
        return residuals.stream().filter(PublishedResidual::isKnown).toList();
    }

    /** Of all points. */
    public Group total() {
        return group("all", residuals);
    }

    /** Of each quantity and each kind of program. */
    public List<Group> byKind() {
        return grouped(residual -> words(residual.published().quantity()) + ", " + words(residual.published().stack()));
    }

    /** Of each device. */
    public List<Group> byDevice() {
        return grouped(PublishedResidual::deviceName);
    }

    private List<Group> grouped(Function<PublishedResidual, String> key) {
        return new TreeSet<>(known().stream().map(key).toList()).stream()
                .map(name -> group(name, residuals.stream().filter(residual -> key.apply(residual).equals(name)).toList())).toList();
    }

    private static Group group(String name, List<PublishedResidual> members) {
        List<Double> signed = members.stream().filter(PublishedResidual::isKnown).map(PublishedResidual::relative).sorted().toList();
        return new Group(name, signed.size(), middle(signed.stream().map(Math::abs).sorted().toList()), middle(signed));
    }

    private static double middle(List<Double> sorted) {
        return sorted.isEmpty() ? Double.NaN : (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }

    /** What it comes to, and every point, as a Markdown page. */
    public List<String> markdown() {
        List<String> lines = new ArrayList<>(INTRODUCTION);
        lines.add("");
        lines.addAll(summaryTable());
        lines.add("");
        addGroups(lines, "device", byDevice());
        lines.add("");
        List<String[]> rows = pointRows();
        lines.add(tableLine(rows.getFirst()));
        lines.add("|---|---|---|---|---|---:|---:|---:|---|---|");
        rows.stream().skip(1).forEach(row -> lines.add(tableLine(row)));
        return lines;
    }

    /** All points, and those of each kind, as a Markdown table. */
    public List<String> summaryTable() {
        List<String> lines = new ArrayList<>();
        List<Group> groups = new ArrayList<>(List.of(total()));
        groups.addAll(byKind());
        addGroups(lines, "kind, program", groups);
        return lines;
    }

    private static void addGroups(List<String> lines, String head, List<Group> groups) {
        lines.add("| %s | points | median error | bias |".formatted(head));
        lines.add("|---|---:|---:|---:|");
        for (Group group : groups) {
            lines.add("| %s | %d | %.1f %% | %+.1f %% |".formatted(group.group(), group.count(), 100 * group.median(), 100 * group.bias()));
        }
    }

    private static String tableLine(String[] row) {
        return "| " + String.join(" | ", row) + " |";
    }

    /** Every point in words, those of a device together; the first row is the head. */
    public List<String[]> pointRows() {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"device", "model", "format", "kind", "program", "predicted", "published", "residual", "trust", "source"});
        residuals.stream().sorted(Comparator.comparing(PublishedResidual::deviceName)).map(PublishedReport::row).forEach(rows::add);
        return rows;
    }

    private static String[] row(PublishedResidual residual) {
        PublishedRate published = residual.published();
        String devices = published.devices() == 1 ? "" : published.devices() + " × ";
        return new String[] {devices + residual.deviceName(), residual.modelName(), published.precision().name(),
            words(published.quantity()), words(published.stack()), residual.isKnown() ? amount(published, residual.predicted()) : "?",
            amount(published, published.result().value()), residual.isKnown() ? "%+.1f %%".formatted(100 * residual.relative()) : "?",
            words(published.result().trust()), published.result().source()};
    }

    private static String amount(PublishedRate published, double value) {
        boolean time = published.quantity() == Quantity.FIRST_TOKEN;
        double shown = time ? 1000 * value : value;
        String digits = shown >= 100 ? "%.0f" : shown >= 10 ? "%.1f" : "%.2f";
        return digits.formatted(shown) + (time ? " ms" : " tok/s");
    }

    private static String words(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
