package dev.ondine.cli;

import dev.ondine.explorer.chart.Chart;
import dev.ondine.explorer.chart.ChartImage;
import dev.ondine.explorer.chart.ChartJson;
import dev.ondine.explorer.chart.CsvTable;
import dev.ondine.explorer.chart.TerminalChart;
import dev.ondine.explorer.chart.TerminalTable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a chart can be written as. */
enum ChartFormat {
    TERMINAL {
        @Override
        byte[] bytes(Chart chart) {
            return TerminalChart.draw(chart, TerminalChart.USUAL_WIDTH).getBytes(StandardCharsets.UTF_8);
        }
    },
    TABLE {
        @Override
        byte[] bytes(Chart chart) {
            return TerminalTable.draw(chart.table(), TerminalChart.USUAL_WIDTH).getBytes(StandardCharsets.UTF_8);
        }
    },
    CSV {
        @Override
        byte[] bytes(Chart chart) {
            return CsvTable.write(chart.table()).getBytes(StandardCharsets.UTF_8);
        }
    },
    JSON {
        @Override
        byte[] bytes(Chart chart) {
            return (ChartJson.write(chart) + "\n").getBytes(StandardCharsets.UTF_8);
        }
    },
    SVG {
        @Override
        byte[] bytes(Chart chart) {
            return ChartImage.svg(chart).getBytes(StandardCharsets.UTF_8);
        }
    },
    PNG {
        @Override
        byte[] bytes(Chart chart) {
            return ChartImage.png(chart);
        }
    };

    abstract byte[] bytes(Chart chart);

    /** By the ending of a file's name. */
    static Optional<ChartFormat> of(Path file) {
        return Stream.of(values()).filter(format -> file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith("." + format)).findAny();
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
