package dev.ondine.cli;

import dev.ondine.explorer.validate.PublishedReport;
import dev.ondine.explorer.validate.PublishedReport.Group;
import dev.ondine.explorer.validate.PublishedResidual;
import dev.ondine.explorer.validate.PublishedValidation;
import dev.ondine.roofline.catalogue.Catalogue;
import dev.ondine.roofline.catalogue.PublishedRate;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** {@code plan --published}: predictions beside the speeds that others measured. */
final class PublishedAction {

    private static final Set<Integer> TEXT_COLUMNS = Set.of(0, 1, 2, 3, 4, 8, 9);

    private final Catalogue catalogue;
    private final BasicOptions options;
    private final Console console;
    private final Path output;

    /** @param output file of the report; null for none */
    PublishedAction(Catalogue catalogue, BasicOptions options, Console console, Path output) {
        this.catalogue = catalogue;
        this.options = options;
        this.console = console;
        this.output = output;
    }

    int run() {
        PublishedReport report = options.checked(() -> new PublishedValidation(catalogue).run());
        if (output != null) {
            OutputFile.write(output, report.markdown());
        }
        if (options.json()) {
            Json.print(console, json(report));
        } else {
            Table.aligned(report.pointRows(), TEXT_COLUMNS).forEach(console.out()::println);
            console.out().println();
            report.summaryTable().forEach(console.out()::println);
        }
        return ExitCode.DONE;
    }

    private static Map<String, Object> json(PublishedReport report) {
        return Json.object("summary", json(report.total()), "by_kind", json(report.byKind()), "by_device", json(report.byDevice()),
                "residuals", report.residuals().stream().map(PublishedAction::json).toList());
    }

    private static List<Map<String, Object>> json(List<Group> groups) {
        return groups.stream().map(PublishedAction::json).toList();
    }

    private static Map<String, Object> json(Group group) {
        return Json.object("group", group.group(), "points", group.count(), "median_error", group.median(), "bias", group.bias());
    }

    private static Map<String, Object> json(PublishedResidual residual) {
        PublishedRate published = residual.published();
        boolean known = residual.isKnown();
        return Json.object("id", published.id(), "device", published.device(), "devices", published.devices(), "model", published.model(),
                "format", published.precision().name(), "kind", word(published.quantity()), "stack", word(published.stack()),
                "context", published.contextTokens(), "prompt", published.promptTokens(), "batch", published.batch(),
                "unit", published.quantity() == PublishedRate.Quantity.FIRST_TOKEN ? "s" : "tokens/s",
                "predicted", known ? residual.predicted() : null, "published", published.result().value(),
                "residual", known ? residual.relative() : null, "trust", word(published.result().trust()),
                "source", published.result().source());
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
