package dev.ondine.api;

import dev.ondine.api.start.StartedModel;
import dev.ondine.files.GgufFile;
import dev.ondine.os.Kernel;
import dev.ondine.pebble.Pebble;
import dev.ondine.tensor.WorkerTeam;
import dev.ondine.text.template.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Language models on this machine, shared between tasks: the door for programs that embed Ondine. Any thread may use it. Close it to
 * end all tasks and give all memory back.
 */
public final class Ondine implements AutoCloseable {

    private final OndineSettings settings;
    private final WorkerTeam team;
    private final Kernel kernel;
    private final Map<String, LocalModel> models = new ConcurrentHashMap<>();

    public Ondine(OndineSettings settings) {
        this.settings = settings;
        this.team = new WorkerTeam(settings.threads());
        this.kernel = new Kernel(settings.scheduler().policy(), settings.scheduler());
    }

    /** One with a model. @param model a GGUF file, or any part of a split one */
    public static Ondine open(Path model) {
        Ondine ondine = new Ondine(OndineSettings.standard());
        try {
            ondine.load(model);
            return ondine;
        } catch (RuntimeException | Error e) {
            ondine.close();
            throw e;
        }
    }

    /** One with the small model that is inside: enough to try the interface. */
    public static Ondine embedded() {
        Ondine ondine = new Ondine(OndineSettings.standard());
        try {
            ondine.loadEmbedded();
            return ondine;
        } catch (RuntimeException | Error e) {
            ondine.close();
            throw e;
        }
    }

    /** Loads a model, under the name of its file without ".gguf". */
    public LocalModel load(Path file) {
        return start(file.getFileName().toString().replaceFirst("\\.gguf$", ""), GgufFile.open(file));
    }

    /** Loads the small model that is inside, pebble. */
    public LocalModel loadEmbedded() {
        try (InputStream bytes = Pebble.open()) {
            return start(Pebble.NAME, GgufFile.read(Pebble.NAME, bytes, Pebble.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LocalModel start(String name, GgufFile file) {
        StartedModel started = new StartedModel(file, new StartedModel.Settings(settings.kernels(), settings.kvFormat(),
                StartedModel.BATCH_ROWS, settings.cache()), team, settings.listener());
        LocalModel model = new LocalModel(name, started, settings);
        models.put(name, model);
        return model;
    }

    /** The models that are loaded. */
    public List<LocalModel> models() {
        return List.copyOf(models.values());
    }

    /** A task that answers a user's message, with the only model that is loaded. */
    public TaskBuilder task(String prompt) {
        return task(List.of(Message.user(prompt)));
    }

    /** A task that answers a conversation. */
    public TaskBuilder task(List<Message> messages) {
        return new TaskBuilder(this, models.values().iterator().next()).messages(messages);
    }

    /** The scheduler's door: tasks, steps and their times. */
    public Kernel kernel() {
        return kernel;
    }

    @Override
    public void close() {
        kernel.close();
        models.values().forEach(LocalModel::close);
        models.clear();
        team.close();
    }
}
