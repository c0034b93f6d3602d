package dev.ondine.cli;

import dev.ondine.kernels.machine.ComputeRoof;
import dev.ondine.kernels.machine.MachineRoofs;
import dev.ondine.kernels.machine.Processor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@code bench --roof} found: how fast the machine could be.
 *
 * @param threadCounts 1, 2, 4 and so on up to all
 * @param memory       bytes per second for each of these
 */
record RoofReport(Processor processor, int[] threadCounts, double[] memory, List<Line> lines) {

    /**
     * @param perCore multiply-accumulates per second of one thread
     * @param all     of all threads
     */
    record Line(ComputeRoof roof, double perCore, double all) { }

    static RoofReport measure(MachineRoofs roofs, Processor processor, int threads) {
        int[] counts = threadCounts(threads);
        double[] memory = Arrays.stream(counts).mapToDouble(roofs::memoryBytesPerSecond).toArray();
        List<Line> lines = new ArrayList<>();
        for (ComputeRoof roof : roofs.computeRoofs()) {
            lines.add(new Line(roof, roofs.multiplyAccumulatesPerSecond(roof, 1), roofs.multiplyAccumulatesPerSecond(roof, threads)));
        }
        return new RoofReport(processor, counts, memory, lines);
    }

    private static int[] threadCounts(int threads) {
        List<Integer> counts = new ArrayList<>();
        for (int count = 1; count < threads; count *= 2) {
            counts.add(count);
        }
        counts.add(threads);
        return counts.stream().mapToInt(Integer::intValue).toArray();
    }

    private int threads() {
        return threadCounts[threadCounts.length - 1];
    }

    Map<String, Object> json() {
        List<Object> read = new ArrayList<>();
        for (int i = 0; i < threadCounts.length; i++) {
            read.add(Json.object("threads", threadCounts[i], "bytes_per_second", memory[i]));
        }
        List<Object> computed = new ArrayList<>();
        for (Line line : lines) {
            computed.add(Json.object("type", line.roof().type(), "instruction", line.roof().instruction(),
                    "multiply_accumulates_per_second", Json.object("one_thread", line.perCore(), "all_threads", line.all())));
        }
        return Json.object("processor", processor.name(), "features", processor.features().stream().map(Enum::name).toList(),
                "cache_bytes", processor.cacheBytes(), "threads", threads(), "memory", read, "compute", computed);
    }

    List<String> table() {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"roof", "measured with", "threads", "rate"});
        for (int i = 0; i < threadCounts.length; i++) {
            rows.add(row("memory", "loads, front to back", threadCounts[i], "%.1f GB/s".formatted(memory[i] / 1e9)));
        }
        for (Line line : lines) {
            rows.add(row(line.roof().type(), line.roof().instruction(), 1, "%.0f GMAC/s".formatted(line.perCore() / 1e9)));
            if (threads() > 1) {
                rows.add(row(line.roof().type(), line.roof().instruction(), threads(), "%.0f GMAC/s".formatted(line.all() / 1e9)));
            }
        }
        return Table.aligned(rows, Set.of(0, 1));
    }

    private static String[] row(String roof, String way, int threads, String rate) {
        return new String[] {roof, way, Integer.toString(threads), rate};
    }
}
