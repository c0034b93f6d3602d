package dev.ondine.api;

import dev.ondine.os.JournalEntry;
import dev.ondine.os.Kernel;
import dev.ondine.os.KernelSettings;
import dev.ondine.os.StoredTask;
import dev.ondine.os.TaskHandle;
import dev.ondine.os.TaskJournal;
import dev.ondine.text.template.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Language models on this machine, shared between tasks: the door for programs that embed Ondine. Any thread may use it. Close it to
 * end all tasks and give all memory back.
 */
public final class Ondine implements AutoCloseable {

    private final OndineSettings settings;
    private final Optional<StateFolder> state;
    private final Kernel kernel;
    private final ModelShelf shelf;

    /** One without models. @throws IllegalStateException if another process has its state folder */
    public Ondine(OndineSettings settings) {
        this.settings = settings;
        this.state = settings.state().map(StateFolder::new);
        KernelSettings keeping = settings.kernel();
        this.kernel = new Kernel(settings.scheduler().policy(), settings.scheduler(), new KernelSettings(keeping.quotas(),
                keeping.ofOthers(), keeping.kept(), state.map(StateFolder::journal).or(keeping::journal)));
        this.shelf = new ModelShelf(settings, kernel, state.map(StateFolder::swap));
    }

    /** One with a model in memory. @param model a GGUF file, or any part of a split one */
    public static Ondine open(Path model) {
        return open(ModelSource.file(model), OndineSettings.standard());
    }

    /** One with the small model that is inside: enough to try the interface. */
    public static Ondine embedded() {
        return open(ModelSource.embedded(), OndineSettings.standard());
    }

    /** One with a model in memory. @throws dev.ondine.files.ModelFileException if it is no model that is known here */
    public static Ondine open(ModelSource source, OndineSettings settings) {
        Ondine ondine = new Ondine(settings);
        try {
            ondine.load(source);
            return ondine;
        } catch (RuntimeException | Error e) {
            ondine.close();
            throw e;
        }
    }

    public OndineSettings settings() {
        return settings;
    }

    /**
     * Makes a model known; the first task that wants it brings it into memory, or {@link LocalModel#load}. The first one is what tasks
     * use that name no model.
     *
     * @throws IllegalArgumentException if one of its names is taken
     */
    public LocalModel add(ModelSource source) {
        return shelf.add(source);
    }

    /** Makes a model known and waits until it is in memory. If that fails, it is forgotten again. */
    public LocalModel load(ModelSource source) {
        LocalModel model = add(source);
        try {
            return model.load();
        } catch (RuntimeException | Error e) {
            shelf.remove(model);
            throw e;
        }
    }

    /** The same for a file, under its own name without ".gguf". */
    public LocalModel load(Path file) {
        return load(ModelSource.file(file));
    }

    /**
     * Takes a model out of memory; the next task that wants it brings it back.
     *
     * @param grace how long its tasks may take to end; they fail then
     * @return whether it was in memory
     * @throws IllegalArgumentException if there is no such model
     */
    public boolean unload(String name, Duration grace) throws InterruptedException {
        return model(name).unload(grace);
    }

    /** Takes a model out of memory and forgets it; its name is free again. */
    public void remove(String name, Duration grace) throws InterruptedException {
        LocalModel model = model(name);
        shelf.remove(model);
        model.unload(grace);
    }

    /** The models that are known, in memory or not, in the order they came. */
    public List<LocalModel> models() {
        return shelf.all();
    }

    /** A model by its name or another name that it has. */
    public Optional<LocalModel> findModel(String name) {
        return shelf.find(name);
    }

    /** @throws IllegalArgumentException if there is no model of this name */
    public LocalModel model(String name) {
        return shelf.find(name).orElseThrow(() -> new IllegalArgumentException("there is no model %s; there are %s"
                .formatted(name, models().stream().map(LocalModel::name).toList())));
    }

    /** The model of tasks that name none: the first one. @throws IllegalStateException if there is none at all */
    public LocalModel model() {
        return models().stream().findFirst().orElseThrow(() -> new IllegalStateException("there is no model; load one"));
    }

    /** A task to be described, with the first model. */
    public TaskBuilder task() {
        return new TaskBuilder(this, model());
    }

    /** A task that answers a user's message, with the first model. */
    public TaskBuilder task(String question) {
        return task().user(question);
    }

    /** A task that answers a conversation, with the first model. */
    public TaskBuilder task(List<Message> messages) {
        return task().messages(messages);
    }

    /** What texts mean to the first model. {@link TaskBuilder#embed} does the same for another model, or on other terms. */
    public List<Embedding> embed(List<String> texts) throws InterruptedException {
        return task().embed(texts);
    }

    /**
     * Lets the durable tasks of earlier processes go on, with the models of the same names; call it once these are known. A task that
     * cannot go on exactly as it would have is given up: its answer says so.
     */
    public List<OndineTask> resumeTasks() {
        return state.map(StateFolder::journal).map(TaskJournal::unfinished).orElse(List.of()).stream().flatMap(this::resumed).toList();
    }

    private Stream<OndineTask> resumed(JournalEntry.Unfinished entry) {
        StoredTask stored = entry.task();
        Optional<LocalModel> model = findModel(stored.model());
        if (model.isEmpty()) {
            kernel.lose(stored.id(), "there is no model %s any more".formatted(stored.model()));
            return Stream.empty();
        }
        LocalModel.Use use = model.get().use();
        try {
            AnswerForm form = AnswerForm.read(stored.keepsake().grammar(), use.model().format().toolCalls());
            TaskHandle handle = kernel.resume(use.model().engine(), stored.id(), form.grammar());
            handle.result().thenRun(use::close);
            return Stream.of(new OndineTask(this, handle, stored.work().prompt(), form, false, stored.keepsake().client()));
        } catch (IllegalArgumentException e) {
            use.close();
            kernel.lose(stored.id(), e.getMessage());
            return Stream.empty();
        } catch (RuntimeException | Error e) {
            use.close();
            throw e;
        }
    }

    /** Models, memory and tasks at this moment. */
    public OndineStats stats() {
        return new OndineStats(models().stream().map(LocalModel::stats).toList(), settings.memoryBytes(),
                shelf.budget().holdings(), kernel.tasks());
    }

    /** The scheduler's door: tasks, steps and their times. */
    public Kernel kernel() {
        return kernel;
    }

    /** Ends all tasks. */
    @Override
    public void close() {
        close(Duration.ZERO);
    }

    /** Takes no more tasks, lets those that it has go on for some time, then ends them. */
    public void close(Duration grace) {
        kernel.close(grace);
        shelf.close();
        state.ifPresent(StateFolder::close);
    }
}
