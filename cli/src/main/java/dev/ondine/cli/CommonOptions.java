package dev.ondine.cli;

import dev.ondine.api.ModelSource;
import dev.ondine.api.OndineSettings;
import dev.ondine.api.start.CacheSettings;
import dev.ondine.api.start.KernelChoice;
import dev.ondine.files.GgufFile;
import dev.ondine.os.SchedulerSettings;
import dev.ondine.tensor.NumberFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of every command that takes a model. */
final class CommonOptions extends BasicOptions {

    @Option(names = {"-m", "--model"}, paramLabel = "FILE", description = "GGUF file (default: the embedded model, pebble).")
    private Path model;

    @Option(names = "--kernels", paramLabel = "KIND", defaultValue = "auto",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}, the fastest that runs here).")
    private KernelChoice kernels;

    @Option(names = "--kv", paramLabel = "FORMAT", description = "${COMPLETION-CANDIDATES}: how the context is kept in memory; "
            + "q8_0 takes half of it (default: f16, or f32 where all weights are f32).")
    private KvChoice kv;

    @Option(names = {"-c", "--context"}, paramLabel = "N",
            description = "Most tokens of prompt and answer together (default: what the model was trained for).")
    private Integer context;

    /** Steps as long as the model's batches: nobody else waits. */
    private static final SchedulerSettings ONE_TASK = SchedulerSettings.STANDARD.bounded(Duration.ofSeconds(10)).queueing(1, 1);

    boolean isEmbedded() {
        return model == null;
    }

    /** Names the model file in another way than {@code -m}. */
    void model(Path file) {
        if (model != null) {
            throw wrongUse("the file is given twice, as an argument and with -m");
        }
        model = file;
    }

    /** The model file, or the embedded one. */
    ModelSource source() {
        // The whole name of a file, because that is what the user gave.
        return model == null ? ModelSource.embedded() : ModelSource.file(model).named(model.toAbsolutePath().normalize().getFileName() + "");
    }

    /** The model file, or the embedded one; the caller closes it. */
    GgufFile openFile() {
        return source().open();
    }

    /** How an {@link dev.ondine.api.Ondine} runs the model, for one task at a time. */
    OndineSettings settings(Console console) {
        OndineSettings settings = OndineSettings.standard().withThreads(threads()).withKernels(kernels)
                .withScheduler(ONE_TASK);
        settings = kv == null ? settings : settings.withKvFormat(kv.format());
        settings = context == null ? settings : settings.withContext(context(context));
        return CacheSettings.found(console.environment()).map(settings::withCache).orElse(settings);
    }

    KernelChoice kernels() {
        return kernels;
    }

    /** What {@code --kv} says; empty for what suits the model. */
    Optional<NumberFormat> kvFormat() {
        return Optional.ofNullable(kv).map(KvChoice::format);
    }

    /** What {@code -c} says, or else the fallback. */
    int context(int fallback) {
        return context == null ? fallback : atLeastOne("--context", context);
    }
}
