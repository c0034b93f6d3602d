package dev.ondine.api;

import dev.ondine.api.start.FreeMemory;
import dev.ondine.api.start.StartedModel;
import dev.ondine.engine.Runner;
import dev.ondine.explorer.shape.ShapeFile;
import dev.ondine.models.Model;
import dev.ondine.os.EngineRunner;
import dev.ondine.os.Work;
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
import dev.ondine.text.grammar.GrammarVocabulary;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

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
    private final long kvBytes;
    private final long logitsBytes;
    private final Duration loadTime;
    private GrammarVocabulary grammarVocabulary;

    RunningModel(ModelSource source, OndineSettings settings) {
        long startNanos = System.nanoTime();
        try {
            WorkerTeam team = new WorkerTeam(settings.threads());
            owned.push(team::close);
            started = new StartedModel(source.open(), new StartedModel.Settings(settings.kernels(), settings.kvFormat(),
                    StartedModel.BATCH_ROWS, settings.cache()), team, settings.listener());
            owned.push(started::close);
            format = PromptFormat.of(started.file().metadata(), started.tokenizer());
            int context = settings.context().orElse(started.model().facts().contextLength());
            int logitsRows = Math.min(settings.scheduler().mostRunning(), StartedModel.BATCH_ROWS);
            logitsBytes = (long) logitsRows * started.model().facts().vocabSize() * Float.BYTES;
            kvBytes = settings.kvBytes().orElseGet(() -> usualKvBytes(started.model(), context));
            runner = Runner.withCache(started.model(), context, kvBytes, StartedModel.BATCH_ROWS, logitsRows);
            owned.push(runner::close);
            engine = new EngineRunner(source.name(), runner, started.tokenizer(), costs(settings), StartedModel.BATCH_ROWS, logitsRows);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
        loadTime = Duration.ofNanos(System.nanoTime() - startNanos);
    }

    /** One whole context in any case; more where memory is free. */
    private static long usualKvBytes(Model model, int context) {
        long one = Runner.bytesFor(model, context, StartedModel.BATCH_ROWS);
        long free = FreeMemory.found().orElse(Long.MAX_VALUE) / 2;
        return one * Math.clamp(free / one, 1, USUAL_CONTEXTS);
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

    /** Made when first wanted: few tasks have a grammar. */
    synchronized GrammarVocabulary grammarVocabulary() {
        if (grammarVocabulary == null) {
            grammarVocabulary = GrammarVocabulary.of(started.tokenizer().vocabulary());
        }
        return grammarVocabulary;
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
        return started.model().activationBytes() + logitsBytes;
    }

    long kvBytes() {
        return kvBytes;
    }

    long kvUsedBytes() {
        return runner.cache().usedBytes();
    }

    /** What was opened last goes first. */
    @Override
    public void close() {
        while (!owned.isEmpty()) {
            owned.pop().run();
        }
    }
}
