package dev.ondine.cli;

import dev.ondine.roofline.catalogue.Catalogue;
import dev.ondine.roofline.catalogue.MemoryKind;
import dev.ondine.roofline.catalogue.ModelCard;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Figure;
import dev.ondine.roofline.device.Spec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The shelves of the catalogue that {@code plan --list} shows. */
enum CatalogueList {
    DEVICES {
        @Override
        List<String[]> rows(Catalogue catalogue) {
            List<String[]> rows = new ArrayList<>(List.<String[]>of(new String[] {"device", "name", "year", "memory", "GB/s", "GB", "int8 TOPS"}));
            for (Device device : catalogue.devices()) {
                rows.add(new String[] {device.id(), device.name(), year(device.figure(Spec.YEAR)), device.memory(),
                    figure(device.figure(Spec.MEMORY_BANDWIDTH), 1e9, 1), figure(device.figure(Spec.MEMORY_CAPACITY), 1e9, 0),
                    figure(device.figure(Spec.INT8_PEAK), 1e12, 0)});
            }
            return rows;
        }

        @Override
        List<?> json(Catalogue catalogue) {
            return catalogue.devices().stream().map(device -> {
                Map<String, Object> json = Json.object("id", device.id(), "name", device.name(), "maker", device.maker(),
                        "kind", device.kind().name().toLowerCase(Locale.ROOT), "memory", device.memory());
                device.figures().entrySet().stream().sorted(Map.Entry.comparingByKey())
                        .forEach(entry -> json.put(entry.getKey().key(), figureJson(entry.getValue())));
                return json;
            }).toList();
        }
    },
    MODELS {
        @Override
        List<String[]> rows(Catalogue catalogue) {
            List<String[]> rows = new ArrayList<>(List.<String[]>of(new String[] {"model", "name", "year", "parameters", "active", "context", "shape"}));
            for (ModelCard model : catalogue.models()) {
                rows.add(new String[] {model.id(), model.name(), year(model.year()), figure(model.parameters(), 1e9, 2) + " B",
                    figure(model.activeParameters(), 1e9, 2) + " B", figure(model.context(), 1, 0), model.shapeKnown() ? "known" : "unknown"});
            }
            return rows;
        }

        @Override
        List<?> json(Catalogue catalogue) {
            return catalogue.models().stream().map(model -> Json.object("id", model.id(), "name", model.name(), "maker", model.maker(),
                    "family", model.family(), "year", figureJson(model.year()), "parameters", figureJson(model.parameters()),
                    "active_parameters", figureJson(model.activeParameters()), "context", figureJson(model.context()),
                    "shape_known", model.shapeKnown())).toList();
        }
    },
    MEMORIES {
        @Override
        List<String[]> rows(Catalogue catalogue) {
            List<String[]> rows = new ArrayList<>(List.<String[]>of(new String[] {"memory", "name", "piece", "year", "GB/s", "pJ/bit"}));
            for (MemoryKind memory : catalogue.memories()) {
                rows.add(new String[] {memory.id(), memory.name(), memory.piece(), year(memory.year()),
                    figure(memory.bytesPerSecond(), 1e9, 1), figure(memory.joulesPerBit(), 1e-12, 1)});
            }
            return rows;
        }

        @Override
        List<?> json(Catalogue catalogue) {
            return catalogue.memories().stream().map(memory -> Json.object("id", memory.id(), "name", memory.name(), "piece", memory.piece(),
                    "year", figureJson(memory.year()), "bytes_per_second", figureJson(memory.bytesPerSecond()),
                    "joules_per_bit", figureJson(memory.joulesPerBit()))).toList();
        }
    };

    private static final String LEGEND = "~ inferred, * rumoured or assumed, ? unknown; --json gives every figure's source";

    abstract List<String[]> rows(Catalogue catalogue);

    abstract List<?> json(Catalogue catalogue);

    int show(Catalogue catalogue, boolean json, Console console) {
        if (json) {
            Json.print(console, Json.object(toString(), json(catalogue)));
        } else {
            Table.aligned(rows(catalogue), Set.of(0, 1)).forEach(console.out()::println);
            console.out().println(LEGEND);
        }
        return ExitCode.DONE;
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Its fraction is the month. */
    private static String year(Figure figure) {
        return figure.isKnown() ? Integer.toString((int) figure.value()) : "?";
    }

    private static String figure(Figure figure, double unit, int digits) {
        return switch (figure.trust()) {
            case UNKNOWN -> "?";
            case INFERRED -> "~" + number(figure, unit, digits);
            case RUMOURED, ASSUMED -> "*" + number(figure, unit, digits);
            case STATED, MEASURED -> number(figure, unit, digits);
        };
    }

    private static String number(Figure figure, double unit, int digits) {
        return ("%." + digits + "f").formatted(figure.value() / unit);
    }

    private static Map<String, Object> figureJson(Figure figure) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("value", figure.isKnown() ? figure.value() : null);
        json.put("trust", figure.trust().name().toLowerCase(Locale.ROOT));
        json.put("source", figure.source());
        return json;
    }
}
