package dev.ondine.os;

import dev.ondine.engine.GenerationOptions;
import dev.ondine.engine.Runner;
import dev.ondine.engine.SamplingOptions;
import dev.ondine.files.GgufFile;
import dev.ondine.kernels.machine.Host;
import dev.ondine.kernels.machine.MachineKernels;
import dev.ondine.kernels.machine.Pages;
import dev.ondine.kernels.machine.Processor;
import dev.ondine.kernels.panel.PackedWeights;
import dev.ondine.kernels.panel.PackingListener;
import dev.ondine.models.LoadedModel;
import dev.ondine.models.Model;
import dev.ondine.os.memory.MemoryBudget;
import dev.ondine.os.memory.ParkingSpeeds;
import dev.ondine.os.memory.TaskMemory;
import dev.ondine.pebble.Pebble;
import dev.ondine.roofline.cost.Efficiency;
import dev.ondine.roofline.cost.RooflineModel;
import dev.ondine.roofline.cost.StepCosts;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.StoredFormat;
import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.ScalarKernels;
import dev.ondine.tensor.WorkerTeam;
import dev.ondine.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The embedded model on the engine, for tests: on machine code where the processor allows it, else on scalar kernels. */
final class PebbleEngine implements AutoCloseable {

    static final int CONTEXT = 256;
    static final int ROWS = 64;
    static final int LOGITS_ROWS = 8;

    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final LoadedModel model;
    private final Tokenizer tokenizer;
    private final Runner runner;
    private final TaskMemory memory;
    private final EngineRunner engine;

    PebbleEngine() {
        this(8, UnaryOperator.identity());
    }

    /**
     * @param sequences of a whole context that the cache has room for
     * @param around    what is put around the model
     */
    PebbleEngine(int sequences, UnaryOperator<Model> around) {
        GgufFile file = own(file());
        tokenizer = Tokenizer.of(file.metadata());
        model = own(LoadedModel.of(file, kernels(file), ROWS));
        runner = own(new Runner(around.apply(model), CONTEXT, sequences, ROWS, LOGITS_ROWS));
        long bytes = runner.cache().capacityBytes();
        MemoryBudget.Claim claim = new MemoryBudget(bytes).claim("pebble", MemoryBudget.Use.KV_CACHE, bytes);
        memory = own(new TaskMemory(runner.cache(), claim, Optional.empty(), new ParkingSpeeds(10_000)));
        engine = new EngineRunner("pebble", "pebble of the test", runner, tokenizer, costs(ROWS), ROWS, LOGITS_ROWS, memory);
    }

    private <T extends AutoCloseable> T own(T resource) {
        owned.push(resource);
        return resource;
    }

    private static GgufFile file() {
        try (InputStream bytes = Pebble.open()) {
            return GgufFile.read(Pebble.NAME, bytes, Pebble.BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Kernels kernels(GgufFile file) {
        WorkerTeam team = own(new WorkerTeam(1));
        Host host = new Host(System.getProperty("os.name"), System.getProperty("os.arch"));
        if (!host.isLinux() || !host.isX86() || Processor.of(host).isas().isEmpty()) {
            return new ScalarKernels(team);
        }
        PackedWeights packed = own(PackedWeights.inMemory(LoadedModel.matrices(file), PackingListener.NONE, new Pages(host)));
        return own(new MachineKernels(Processor.of(host).isas().getFirst(), host, team, packed));
    }

    /** Of a made-up machine. @param rows of a step */
    static StepCosts costs(int rows) {
        Device device = Device.imaginary().with(Spec.MEMORY_BANDWIDTH, 20e9).with(Spec.INT8_PEAK, 4e11).with(Spec.FP16_PEAK, 1e11);
        return new StepCosts(ModelShape.ofParameters("pebble", 5_500_000), Precision.named("Q8_0"), StoredFormat.F16, device,
                new RooflineModel(device, new Efficiency(0.5, 0.5)), rows);
    }

    EngineRunner engine() {
        return engine;
    }

    /** The same engine under another identity. */
    EngineRunner engineAs(String identity) {
        return new EngineRunner("pebble", identity, runner, tokenizer, costs(ROWS), ROWS, LOGITS_ROWS, memory);
    }

    Runner runner() {
        return runner;
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    /** What a user says, in the form that the model was trained on. */
    int[] prompt(String message) {
        return tokenizer.encode("<|im_start|>user\n" + message + "<|im_end|>\n<|im_start|>assistant\n", true);
    }

    /** Bytes of the cache that are held, those that are kept for prompts that begin alike aside. */
    long heldBytes() {
        memory.shrinkTo(0);
        return runner.cache().usedBytes();
    }

    static GenerationOptions greedy(int maxTokens) {
        return new GenerationOptions(maxTokens, SamplingOptions.GREEDY, List.of());
    }

    /** A kernel whose durable tasks are kept. */
    static Kernel kernel(TaskJournal journal) {
        return new Kernel(new UrgencyPolicy(), SchedulerSettings.STANDARD,
                new KernelSettings(Map.of(), AppQuota.UNLIMITED, 64, Optional.of(journal)));
    }

    static Kernel kernel() {
        return new Kernel(new UrgencyPolicy(), SchedulerSettings.STANDARD);
    }

    @Override
    public void close() {
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
