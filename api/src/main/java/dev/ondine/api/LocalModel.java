package dev.ondine.api;

import dev.ondine.api.start.StartedModel;
import dev.ondine.engine.Runner;
import dev.ondine.explorer.shape.ShapeFile;
import dev.ondine.files.GgufFile;
import dev.ondine.models.KvBlockPool;
import dev.ondine.os.EngineRunner;
import dev.ondine.os.memory.MemoryBudget;
import dev.ondine.os.memory.ParkingSpeeds;
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
import dev.ondine.text.Tokenizer;
import java.util.Optional;

/** A model that an {@link Ondine} has loaded: what it is, and how it is spoken to. Closed by its owner. */
public final class LocalModel {

    private final String name;
    private final StartedModel started;
    private final Runner runner;
    private final TaskMemory memory;
    private final EngineRunner engine;
    private final PromptFormat format;

    LocalModel(String name, StartedModel started, OndineSettings settings) {
        int contextLength = settings.context().orElse(started.model().facts().contextLength());
        int sequences = settings.sequences();
        this.name = name;
        this.started = started;
        this.format = PromptFormat.of(started.file().metadata(), started.tokenizer());
        this.runner = new Runner(started.model(), contextLength, sequences, StartedModel.BATCH_ROWS, sequences);
        StepCosts costs = costs(settings.device(), settings.kvFormat().map(StoredFormat::of).orElse(StoredFormat.F16));
        this.memory = memory(name, runner.cache(), costs);
        String identity = "%08x, %s, %s".formatted(started.file().headerChecksum(), started.kernels().kernels().description(),
                started.model().facts().kvLayout());
        this.engine = new EngineRunner(name, identity, runner, started.tokenizer(), costs, StartedModel.BATCH_ROWS, sequences, memory);
    }

    private static TaskMemory memory(String name, KvBlockPool cache, StepCosts costs) {
        MemoryBudget.Claim claim = new MemoryBudget(cache.capacityBytes()).claim(name, MemoryBudget.Use.KV_CACHE, cache.capacityBytes());
        double prefillTokensPerSecond = costs.mostRows() / costs.seconds(0, 0, costs.mostRows(), 0);
        return new TaskMemory(cache, claim, Optional.empty(), new ParkingSpeeds(prefillTokensPerSecond));
    }

    private StepCosts costs(Device device, StoredFormat kvFormat) {
        ModelShape shape = ShapeFile.of(started.file());
        CostModel model = device.kernels().<CostModel>map(MeasuredModel::new).orElseGet(() -> new RooflineModel(device, Efficiency.typical(device, shape)));
        return new StepCosts(shape, new Precision.AsStored(), kvFormat, device, model, StartedModel.BATCH_ROWS);
    }

    public String name() {
        return name;
    }

    /** Most tokens of prompt and answer together. */
    public int contextLength() {
        return runner.contextLength();
    }

    public Tokenizer tokenizer() {
        return started.tokenizer();
    }

    /** How messages become a prompt. */
    public PromptFormat format() {
        return format;
    }

    /** The open model file. */
    public GgufFile file() {
        return started.file();
    }

    EngineRunner engine() {
        return engine;
    }

    void close() {
        memory.close();
        runner.close();
        started.close();
    }
}
