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

    /** The groups as Markdown tables. */
    public List<String> summaryTables() {
        List<String> lines = new ArrayList<>();
        List<Group> kinds = new ArrayList<>(List.of(total()));
        kinds.addAll(byKind());
        addGroups(lines, "kind, program", kinds);
        lines.add("");
        addGroups(lines, "device", byDevice());
        return lines;
    }

    private static void addGroups(List<String> lines, String head, List<Group> groups) {
        lines.add("| %s | points | median error | bias |".formatted(head));
        lines.add("|---|---:|---:|---:|");
        for (Group group : groups) {
            lines.add("| %s | %d | %.1f %% | %+.1f %% |".formatted(group.group(), group.count(), 100 * group.median(), 100 * group.bias()));
        }
    }

    /** Every point as a Markdown table, those of a device together. */
    public List<String> pointTable() {
        List<String> lines = new ArrayList<>();
        lines.add("| device | model | format | kind | program | predicted | published | residual | trust | source |");
        lines.add("|---|---|---|---|---|---:|---:|---:|---|---|");
        residuals.stream().sorted(Comparator.comparing(PublishedResidual::deviceName)).forEach(residual -> lines.add(line(residual)));
        return lines;
    }

    private static String line(PublishedResidual residual) {
        PublishedRate published = residual.published();
        return "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |".formatted(
                published.devices() == 1 ? residual.deviceName() : published.devices() + " × " + residual.deviceName(), residual.modelName(),
                published.precision().name(), words(published.quantity()), words(published.stack()),
                residual.isKnown() ? amount(published, residual.predicted()) : "?", amount(published, published.result().value()),
                residual.isKnown() ? "%+.1f %%".formatted(100 * residual.relative()) : "?", words(published.result().trust()),
                published.result().source());
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
