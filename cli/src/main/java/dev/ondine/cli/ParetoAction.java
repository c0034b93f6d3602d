package dev.ondine.cli;

import dev.ondine.roofline.catalogue.Catalogue;
import dev.ondine.roofline.catalogue.ModelCard;
import dev.ondine.roofline.plan.Planner;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.solve.Pareto;
import dev.ondine.roofline.solve.Pareto.Candidate;
import dev.ondine.roofline.solve.Pareto.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** {@code plan --pareto}: the models and formats that no other beats in everything, on one device. */
final class ParetoAction {

    private static final List<String> FORMATS = List.of("F16", "Q8_0", "Q6_K", "Q4_0", "3", "2");

    private final BasicOptions options;
    private final Console console;

    ParetoAction(BasicOptions options, Console console) {
        this.options = options;
        this.console = console;
    }

    int show(PlanFlags flags, Catalogue catalogue) {
        List<Point> front = options.checked(() -> Pareto.front(candidates(flags, catalogue))).stream()
                .sorted(Comparator.comparingDouble((Point point) -> point.candidate().quality()).reversed()).toList();
        if (options.json()) {
            Json.print(console, Json.object("device", flags.device(catalogue).id(), "front", front.stream().map(point -> Json.object(
                    "model", point.plan().request().shape().name(), "format", point.plan().request().precision().name(),
                    "quality", point.candidate().quality(), "tokens_per_second", point.tokensPerSecond(), "bytes", point.bytes(),
                    "joules_per_token", point.joulesPerToken())).toList()));
        } else {
            List<String[]> rows = new ArrayList<>(List.<String[]>of(new String[] {"model", "format", "quality", "tokens/s", "GB", "J/token"}));
            front.forEach(point -> rows.add(row(point)));
            Table.aligned(rows, Set.of(0, 1)).forEach(console.out()::println);
            console.out().println("Quality is a proxy: it grows with the logarithm of the parameters and falls with few bits.");
        }
        return ExitCode.DONE;
    }

    private static List<Candidate> candidates(PlanFlags flags, Catalogue catalogue) {
        List<Candidate> candidates = new ArrayList<>();
        for (ModelCard model : catalogue.models()) {
            if (model.shapeKnown() && model.modalities().contains("text")) {
                for (String format : FORMATS) {
                    Candidate candidate = Candidate.of(flags.request(catalogue, model.shape(), Precision.named(format)));
                    if (Planner.plan(candidate.request()).footprint().fits()) {
                        candidates.add(candidate);
                    }
                }
            }
        }
        return candidates;
    }

    private static String[] row(Point point) {
        return new String[] {point.plan().request().shape().name(), point.plan().request().precision().name(),
            "%.3f".formatted(point.candidate().quality()), "%.1f".formatted(point.tokensPerSecond()), "%.2f".formatted(point.bytes() / 1e9),
            "%.3f".formatted(point.joulesPerToken())};
    }
}
