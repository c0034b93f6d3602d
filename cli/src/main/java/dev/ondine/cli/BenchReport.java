package dev.ondine.cli;

import dev.ondine.models.KvLayout;
import dev.ondine.tensor.KvLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@code bench} found.
 *
 * @param kernels            which, without the number of threads
 * @param roofBytesPerSecond the memory roof, measured in the same run
 */
record BenchReport(String model, ModelSummary summary, KvLayout layout, int threads, String kernels, double roofBytesPerSecond,
                   List<Line> lines) {

    /** A test and its tokens per second, one number for each repetition. */
    record Line(BenchCase test, double[] rates) {

        double median() {
            double[] sorted = sorted();
            int middle = sorted.length / 2;
            return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }

        double[] sorted() {
            double[] sorted = rates.clone();
            Arrays.sort(sorted);
            return sorted;
        }

        double mean() {
            return Arrays.stream(rates).average().orElseThrow();
        }

        /** Of the sample; 0 for a single number. */
        double standardDeviation() {
            double mean = mean();
            double squares = Arrays.stream(rates).map(rate -> (rate - mean) * (rate - mean)).sum();
            return rates.length < 2 ? 0 : Math.sqrt(squares / (rates.length - 1));
        }
    }

    /** Memory bandwidth utilisation of a decode test: bytes that its steps read per second, as a share of the roof. */
    double mbu(Line line) {
        BenchCase test = line.test();
        double meanPositions = test.depth() + test.generated() / 2.0;
        double bytesPerStep = summary.bytesPerStep() + test.sequences() * cacheBytes(meanPositions);
        return bytesPerStep * line.median() / test.sequences() / roofBytesPerSecond;
    }

    /** Keys and values that a token reads which sees this many positions. */
    private double cacheBytes(double positions) {
        double bytes = 0;
        for (int index = 0; index < layout.layers().size(); index++) {
            KvLayer layer = layout.layer(index);
            double visible = layer.window() == 0 ? positions : Math.min(positions, layer.window());
            bytes += visible * (layer.keyBytes() + layer.valueBytes()) / KvLayout.BLOCK_POSITIONS;
        }
        return bytes;
    }

    Map<String, Object> json() {
        List<Object> tests = new ArrayList<>();
        for (Line line : lines) {
            double[] sorted = line.sorted();
            tests.add(Json.object("name", line.test().name(), "tokens_per_second",
                    Json.object("median", line.median(), "min", sorted[0], "max", sorted[sorted.length - 1])));
        }
        return Json.object("model", model, "format", summary.mainFormat(), "parameters", summary.parameters(),
                "bytes", summary.bytes(), "threads", threads, "kernels", kernels, "tests", tests,
                "roof", Json.object("memory_bytes_per_second", roofBytesPerSecond), "mbu", mbuOfDecode());
    }

    /** Of the first test that decodes one sequence, null where there is none. */
    private Double mbuOfDecode() {
        return lines.stream().filter(line -> line.test().isDecode() && line.test().sequences() == 1)
                .findFirst().map(this::mbu).orElse(null);
    }

    /** A table as llama-bench prints it, and MBU. */
    List<String> table() {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"model", "size", "params", "backend", "threads", "test", "t/s", "MBU"});
        for (Line line : lines) {
            rows.add(new String[] {model + " " + summary.mainFormat(), Display.bytes(summary.bytes()),
                Display.parameters(summary.parameters()), kernels, Integer.toString(threads), line.test().name(),
                "%.2f ± %.2f".formatted(line.mean(), line.standardDeviation()),
                line.test().isDecode() ? "%.0f%%".formatted(100 * mbu(line)) : ""});
        }
        return Table.aligned(rows, Set.of(0, 3));
    }
}
