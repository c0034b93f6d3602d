package dev.ondine.cli;

import dev.ondine.api.ModelSource;
import dev.ondine.api.OndineSettings;
import dev.ondine.files.GgufFile;
import dev.ondine.os.SchedulerSettings;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options of every command that takes a model. */
final class CommonOptions extends EngineOptions {

    /** Steps as long as the model's batches: nobody else waits. */
    private static final SchedulerSettings ONE_TASK = SchedulerSettings.STANDARD.bounded(Duration.ofHours(1)).queueing(1, 1);

    @Option(names = {"-m", "--model"}, paramLabel = "FILE", description = "GGUF file (default: the embedded model, pebble).")
    private Path model;

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
        return model == null ? ModelSource.embedded()
                : ModelSource.file(model).named(model.toAbsolutePath().normalize().getFileName() + "");
    }

    /** The model file, or the embedded one; the caller closes it. */
    GgufFile openFile() {
        return source().open();
    }

    /** How an {@link dev.ondine.api.Ondine} runs the model, for one task at a time. */
    OndineSettings settingsForOne(Console console) {
        return settings(console).withScheduler(ONE_TASK);
    }
}
