package dev.ondine.api;

import dev.ondine.api.start.FreeMemory;
import dev.ondine.api.start.StartedModel;
import dev.ondine.engine.Runner;
import dev.ondine.explorer.shape.ShapeFile;
import dev.ondine.files.GgufFile;
import dev.ondine.os.EngineRunner;
import dev.ondine.os.Work;
import dev.ondine.os.memory.MemoryBudget;
import dev.ondine.os.memory.MemorySnapshot;
import dev.ondine.os.memory.ParkingSpeeds;
import dev.ondine.os.memory.SwapFolder;
import dev.ondine.os.memory.TaskMemory;
import dev.ondine.roofline.cost.CostModel;
import dev.ondine.roofline.cost.Efficiency;
import dev.ondine.roofline.cost.MeasuredModel;
import dev.ondine.roofline.cost.RooflineModel;
import dev.ondine.roofline.cost.StepCosts;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.StoredFormat;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.WorkerTeam;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** A model in memory with all that tasks need of it. Owns all of that, its threads too: another model may be loaded while it runs. */
final class RunningModel implements AutoCloseable {

    private static final int USUAL_CONTEXTS = 8;
    private static final int MEAN_POOLING = 1;
    private static final int LAST_POOLING = 3;

    private final Deque<Runnable> owned = new ArrayDeque<>();
    private final StartedModel started;
    private final Runner runner;
    private final EngineRunner engine;
    private final PromptFormat format;
    private final TaskMemory memory;
    private final long activationBytes;
    private final Duration loadTime;

    /** @throws dev.ondine.models.CapacityException if the budget has no room for it */
    RunningModel(ModelSource source, OndineSettings settings, MemoryBudget budget, Optional<SwapFolder> swap) {
        long startNanos = System.nanoTime();
        try {
            GgufFile file = claimed(source, budget);
            WorkerTeam team = new WorkerTeam(settings.threads());
            owned.push(team::close);
            started = new StartedModel(file, new StartedModel.Settings(settings.kernels(), settings.kvFormat(),
                    StartedModel.BATCH_ROWS, settings.cache()), team, settings.listener());
            owned.push(started::close);
            format = PromptFormat.of(started.file().metadata(), started.tokenizer());
            int context = settings.context().orElse(started.model().facts().contextLength());
            int logitsRows = Math.min(settings.scheduler().mostRunning(), StartedModel.BATCH_ROWS);
            activationBytes = started.model().activationBytes() + (long) logitsRows * started.model().facts().vocabSize() * Float.BYTES;
            owned.push(budget.claim(source.name(), MemoryBudget.Use.ACTIVATIONS, activationBytes)::close);
            MemoryBudget.Claim cache = cacheClaim(source.name(), settings, budget, context);
            runner = Runner.withCache(started.model(), context, cache.bytes(), StartedModel.BATCH_ROWS, logitsRows);
            owned.push(runner::close);
            StepCosts costs = costs(settings);
            memory = new TaskMemory(runner.cache(), cache, swap, new ParkingSpeeds(prefillRate(costs)));
            owned.push(memory::close);
            engine = new EngineRunner(source.name(), identity(), runner, started.tokenizer(), costs, StartedModel.BATCH_ROWS, logitsRows,
                    memory);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
        loadTime = Duration.ofNanos(System.nanoTime() - startNanos);
    }

    /** The open file, whose weights have their part of the budget: nothing is read of a model that there is no room for. */
    private GgufFile claimed(ModelSource source, MemoryBudget budget) {
        GgufFile file = source.open();
        try {
            owned.push(budget.claim(source.name(), MemoryBudget.Use.WEIGHTS, file.bytes())::close);
            return file;
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /**
     * The cache's part of the budget. Where the settings bound all memory and not the cache, it begins with one whole context and grows as
     * far as there is room; otherwise it is as large as it gets from the beginning.
     */
    private MemoryBudget.Claim cacheClaim(String name, OndineSettings settings, MemoryBudget budget, int context) {
        long one = Runner.bytesFor(started.model(), context, StartedModel.BATCH_ROWS);
        boolean grows = settings.memoryBytes().isPresent() && settings.kvBytes().isEmpty();
        long bytes = grows ? one : settings.kvBytes().orElseGet(() -> usualKvBytes(one));
        MemoryBudget.Claim claim = budget.claim(name, MemoryBudget.Use.KV_CACHE, bytes);
        owned.push(claim::close);
        return grows ? claim : new MemoryBudget(bytes).claim(name, MemoryBudget.Use.KV_CACHE, bytes);
    }

    /** One whole context in any case; more where memory is free. */
    private static long usualKvBytes(long one) {
        long free = FreeMemory.found().orElse(Long.MAX_VALUE) / 2;
        return one * Math.clamp(free / one, 1, USUAL_CONTEXTS);
    }

    private static double prefillRate(StepCosts costs) {
        return costs.mostRows() / costs.seconds(0, 0, costs.mostRows(), 0);
    }

    /** Of all that decides what the model says. */
    private String identity() {
        return "%08x, %s, %s".formatted(started.file().headerChecksum(), started.kernels().kernels().description(),
                started.model().facts().kvLayout());
    }

    private StepCosts costs(OndineSettings settings) {
        ModelShape shape = ShapeFile.of(started.file());
        Device device = settings.device();
        CostModel model = device.kernels().<CostModel>map(MeasuredModel::new)
                .orElseGet(() -> new RooflineModel(device, Efficiency.typical(device, shape)));
        NumberFormat kvFormat = started.model().facts().kvLayout().layer(0).format();
        return new StepCosts(shape, new Precision.AsStored(), StoredFormat.of(kvFormat), device, model, StartedModel.BATCH_ROWS);
    }

    StartedModel started() {
        return started;
    }

    Runner runner() {
        return runner;
    }

    EngineRunner engine() {
        return engine;
    }

    PromptFormat format() {
        return format;
    }

    Duration loadTime() {
        return loadTime;
    }

    /** How the vectors of a text's tokens become one, if its file says so; their mean otherwise. */
    Work.Pooling pooling() {
        int kind = started.file().metadata().integer(started.model().facts().architecture() + ".pooling_type", MEAN_POOLING);
        return kind == LAST_POOLING ? Work.Pooling.LAST : Work.Pooling.MEAN;
    }

    long weightBytes() {
        return started.file().bytes();
    }

    long activationBytes() {
        return activationBytes;
    }

    /** Where the caches of its tasks are; the kernel's thread may ask. */
    MemorySnapshot caches() {
        return memory.snapshot();
    }

    /** What was opened last goes first. */
    @Override
    public void close() {
        while (!owned.isEmpty()) {
            owned.pop().run();
        }
    }
}
