package dev.ondine.cli;

import dev.ondine.api.start.KernelChoice;
import dev.ondine.explorer.calibrate.Calibration;
import dev.ondine.kernels.machine.ComputeRoof;
import dev.ondine.kernels.machine.MachineRoofs;
import dev.ondine.kernels.machine.Processor;
import dev.ondine.roofline.device.Curve;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.DeviceKind;
import dev.ondine.roofline.device.Figure;
import dev.ondine.roofline.device.KernelTimes;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.device.Trust;
import dev.ondine.tensor.WorkerTeam;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/** Measures this machine: its memory, its processor, its disk, and Ondine's kernels on it. */
final class MachineCalibration {

    private static final long LEAST_SET_BYTES = 2L << 20;
    private static final int SET_RATIO = 4;
    private static final int RENDEZVOUS = 20_000;

    private final WorkerTeam team;
    private final KernelChoice kernels;
    private final Console console;
    private final Consumer<String> progress;
    private final Map<Spec, Figure> figures = new EnumMap<>(Spec.class);

    MachineCalibration(WorkerTeam team, KernelChoice kernels, Console console, Consumer<String> progress) {
        this.team = team;
        this.kernels = kernels;
        this.console = console;
        this.progress = progress;
    }

    /** @param folder on the disk to be measured */
    Device measure(String id, Path folder) {
        Processor processor = Processor.of(Machine.HOST);
        progress.accept("memory and peaks");
        Map<Integer, Curve> memory = processor.isas().isEmpty() ? inJava() : roofs(processor);
        progress.accept("disk");
        DiskSpeed.measure(folder).ifPresent(disk -> {
            put(Spec.FLASH_READ, disk.readBytesPerSecond(), "front to back, around the cache");
            put(Spec.FLASH_WRITE, disk.writeBytesPerSecond(), "front to back, around the cache");
        });
        put(Spec.MEMORY_CAPACITY, Machine.found().memoryBytes(), "the system says so");
        KernelTimes times = new Calibration(new EngineWorkbench(team, kernels, console), memory, rendezvousSeconds(), progress).measure();
        put(Spec.STEP_OVERHEAD, times.stepSeconds(), "two models without work");
        return new Device(id, processor.name(), "", DeviceKind.PC, "", List.of("%d threads".formatted(team.size())), figures, Optional.of(times));
    }

    private Map<Integer, Curve> inJava() {
        double bytesPerSecond = MemoryRoof.bytesPerSecondInJava(team);
        put(Spec.MEMORY_BANDWIDTH, bytesPerSecond, "plain reads by all threads, 256 MB");
        return Map.of(team.size(), new Curve(new double[] {1}, new double[] {bytesPerSecond}));
    }

    private Map<Integer, Curve> roofs(Processor processor) {
        try (MachineRoofs roofs = new MachineRoofs(Machine.HOST, processor, team)) {
            long[] sets = LongStream.iterate(LEAST_SET_BYTES, bytes -> bytes <= roofs.mostBytes(), bytes -> SET_RATIO * bytes).toArray();
            Map<Integer, Curve> memory = new TreeMap<>();
            for (int threads : new int[] {1, team.size()}) {
                double[] rates = Arrays.stream(sets).mapToDouble(bytes -> roofs.memoryBytesPerSecond(threads, bytes)).toArray();
                memory.put(threads, new Curve(Arrays.stream(sets).asDoubleStream().toArray(), rates));
            }
            put(Spec.MEMORY_BANDWIDTH, memory.get(team.size()).at(sets[sets.length - 1]), "plain reads by all threads, %d MB".formatted(sets[sets.length - 1] >> 20));
            for (ComputeRoof roof : roofs.computeRoofs()) {
                double operations = 2 * roofs.multiplyAccumulatesPerSecond(roof, team.size());
                Spec spec = roof.type().startsWith("int8") ? Spec.INT8_PEAK : Spec.FP16_PEAK;
                if (!figures.containsKey(spec) || figures.get(spec).value() < operations) {
                    put(spec, operations, roof.instruction() + " from registers");
                }
            }
            return memory;
        }
    }

    /** Of all threads, one after another, with nothing to do. */
    private double rendezvousSeconds() {
        double best = Double.POSITIVE_INFINITY;
        for (int round = 0; round < 10; round++) {
            long startNanos = System.nanoTime();
            for (int i = 0; i < RENDEZVOUS; i++) {
                team.split(2 * team.size(), 1, (worker, from, to) -> { });
            }
            best = Math.min(best, (System.nanoTime() - startNanos) * 1e-9 / RENDEZVOUS);
        }
        return best;
    }

    private void put(Spec spec, double value, String how) {
        figures.put(spec, new Figure(value, Trust.MEASURED, how));
    }
}
