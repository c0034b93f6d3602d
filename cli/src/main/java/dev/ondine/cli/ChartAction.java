package dev.ondine.cli;

import dev.ondine.explorer.chart.Chart;
import dev.ondine.explorer.chart.ChartJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** {@code plan --chart} and {@code --table}: one of the charts, on the terminal or in a file. */
final class ChartAction {

    private final BasicOptions options;
    private final Console console;

    ChartAction(BasicOptions options, Console console) {
        this.options = options;
        this.console = console;
    }

    /**
     * @param wanted format; null for that of the file's ending, else of the terminal
     * @param output null for the terminal
     */
    int show(Chart chart, ChartFormat usual, ChartFormat wanted, Path output) {
        if (options.json() && output == null) {
            Json.print(console, Json.parsed(ChartJson.write(chart)));
            return ExitCode.DONE;
        }
        ChartFormat format = wanted != null ? wanted
                : output == null ? usual : ChartFormat.of(output).orElse(usual);
        if (output == null && format == ChartFormat.PNG) {
            throw options.wrongUse("a PNG needs a file; name one with -o");
        }
        byte[] bytes = format.bytes(chart);
        if (output == null) {
            console.out().print(new String(bytes, StandardCharsets.UTF_8));
            return ExitCode.DONE;
        }
        OutputFile.write(output, bytes);
        return ExitCode.DONE;
    }

    /** In the format that the file's ending names. */
    void write(Chart chart, Path output) {
        OutputFile.write(output, ChartFormat.of(output).orElseThrow(() -> options.wrongUse(
                "%s: the ending tells the format; expected .svg, .png, .csv or .json".formatted(output))).bytes(chart));
    }
}
