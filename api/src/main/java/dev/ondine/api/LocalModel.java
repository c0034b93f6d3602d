package dev.ondine.api;

import dev.ondine.files.GgufFile;
import dev.ondine.os.Kernel;
import dev.ondine.text.Tokenizer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A model that an {@link Ondine} knows: what it is, how it is spoken to, and whether it is in memory. What needs the model in memory
 * loads it first, which may take seconds. Any thread may use it.
 */
public final class LocalModel {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ModelSource source;
    private final ModelShelf shelf;
    private final Kernel kernel;
    private volatile ModelDetails details;
    /** Held by whoever loads or unloads it, for as long as that takes. */
    private final ReentrantLock door = new ReentrantLock();
    /** Guards all below; held for a moment only. */
    private final ReentrantLock guard = new ReentrantLock();
    private final Condition unused = guard.newCondition();
    private RunningModel running;
    private ModelState state = ModelState.KNOWN;
    private int uses;
    private long useNumber;
    private Duration timeToLive;
    private Instant lastUse;

    LocalModel(ModelSource source, ModelShelf shelf, Kernel kernel) {
        this.source = source;
        this.shelf = shelf;
        this.kernel = kernel;
        this.timeToLive = source.timeToLive().or(() -> shelf.settings().timeToLive()).orElse(null);
    }

    /** Something that needs the model in memory; closed, the model may go. */
    final class Use implements AutoCloseable {

        private final RunningModel used;
        private boolean isOver;

        private Use(RunningModel used) {
            this.used = used;
        }

        RunningModel model() {
            return used;
        }

        @Override
        public void close() {
            if (!isOver) {
                isOver = true;
                released();
            }
        }
    }

    public String name() {
        return source.name();
    }

    public ModelSource source() {
        return source;
    }

    public ModelState state() {
        return guarded(() -> state);
    }

    /** What its file says. Reads its header at the first call. @throws dev.ondine.files.ModelFileException if it is no model file */
    public ModelDetails details() {
        if (details == null) {
            try (GgufFile file = source.open()) {
                details = ModelDetails.of(file);
            }
        }
        return details;
    }

    /** Most tokens of prompt and answer together. */
    public int contextLength() {
        return with(model -> model.runner().contextLength());
    }

    public Tokenizer tokenizer() {
        return with(model -> model.started().tokenizer());
    }

    /** How messages become a prompt. */
    public PromptFormat format() {
        return with(RunningModel::format);
    }

    /** The kernels that run it, for people. */
    public String kernels() {
        return with(model -> model.started().kernels().kernels().description());
    }

    /** Waits until it is in memory. @return this */
    public LocalModel load() {
        use().close();
        return this;
    }

    /** Waits until it runs as fast as it will; it can be used before. @return this */
    public LocalModel settle() {
        with(model -> {
            model.started().kernels().settle();
            return null;
        });
        return this;
    }

    /** How long it stays in memory after its last use from now on; empty for ever. */
    public void timeToLive(Optional<Duration> time) {
        guarded(() -> timeToLive = time.orElse(null));
        shelf.reckon(this);
    }

    /** It and its memory at this moment. Waits for the step that runs. */
    public ModelStats stats() {
        return kernel.betweenSteps(() -> guarded(this::now));
    }

    private ModelStats now() {
        Optional<RunningModel> model = Optional.ofNullable(running);
        boolean goes = uses == 0 && running != null && timeToLive != null && lastUse != null;
        return new ModelStats(name(), state, uses, model.map(RunningModel::weightBytes).orElse(0L),
                model.map(RunningModel::activationBytes).orElse(0L), model.map(RunningModel::caches),
                model.map(RunningModel::loadTime).orElse(Duration.ZERO), Optional.ofNullable(lastUse),
                goes ? Optional.of(lastUse.plus(timeToLive)) : Optional.empty());
    }

    Instant lastUse() {
        return guarded(() -> lastUse == null ? Instant.EPOCH : lastUse);
    }

    private <T> T with(Function<RunningModel, T> question) {
        try (Use use = use()) {
            return question.apply(use.model());
        }
    }

    /** Keeps it in memory until the result is closed; loads it if need be. */
    Use use() {
        Use ready = useIfReady();
        if (ready != null) {
            return ready;
        }
        door.lock();
        try {
            ready = useIfReady();
            return ready != null ? ready : loaded();
        } finally {
            door.unlock();
        }
    }

    private Use useIfReady() {
        return guarded(() -> state == ModelState.READY ? newUse() : null);
    }

    private Use newUse() {
        uses++;
        useNumber++;
        return new Use(running);
    }

    private Use loaded() {
        guarded(() -> state = ModelState.LOADING);
        try {
            RunningModel model = shelf.start(this);
            details = ModelDetails.of(model.started().file());
            return guarded(() -> {
                running = model;
                state = ModelState.READY;
                return newUse();
            });
        } catch (RuntimeException | Error e) {
            guarded(() -> state = ModelState.FAILED);
            throw e;
        }
    }

    private void released() {
        guarded(() -> {
            lastUse = Instant.now();
            uses--;
            unused.signalAll();
            return null;
        });
        shelf.reckon(this);
    }

    /** When it is to go: so long after this moment, if nobody uses it again; empty for never. */
    Optional<Duration> leaves() {
        return guarded(() -> running == null || uses > 0 ? Optional.empty() : Optional.ofNullable(timeToLive));
    }

    /** Grows with every use. */
    long useNumber() {
        return guarded(() -> useNumber);
    }

    /** Takes it out of memory if nobody uses it, nor has since it was used for so many times. @return whether it did */
    boolean unloadIfUnused(long sinceUse) {
        if (!door.tryLock()) {
            return false;
        }
        try {
            RunningModel idle = guarded(() -> running != null && uses == 0 && useNumber == sinceUse ? leaving() : null);
            return idle != null && closed(idle);
        } finally {
            door.unlock();
        }
    }

    /** Takes it out of memory. Tasks that have not ended by then fail. @return whether it was in memory */
    boolean unload(Duration grace) throws InterruptedException {
        door.lockInterruptibly();
        try {
            RunningModel model = guarded(() -> running == null ? null : leaving());
            if (model == null) {
                return false;
            }
            if (!awaitUnused(grace)) {
                kernel.retire(model.engine(), "model %s was unloaded".formatted(name()));
                if (!awaitUnused(PATIENCE)) {
                    guarded(() -> state = ModelState.READY);
                    throw new IllegalStateException("tasks of model %s do not end; it stays in memory".formatted(name()));
                }
            }
            return closed(model);
        } finally {
            door.unlock();
        }
    }

    private RunningModel leaving() {
        state = ModelState.UNLOADING;
        return running;
    }

    private boolean awaitUnused(Duration time) throws InterruptedException {
        long nanos = time.toNanos();
        guard.lock();
        try {
            while (uses > 0 && nanos > 0) {
                nanos = unused.awaitNanos(nanos);
            }
            return uses == 0;
        } finally {
            guard.unlock();
        }
    }

    private boolean closed(RunningModel model) {
        guarded(() -> running = null);
        // A task's end is told within a step, and its cache is the kernel's: not before that step is over.
        kernel.betweenSteps(() -> {
            model.close();
            return model;
        });
        guarded(() -> state = ModelState.KNOWN);
        return true;
    }

    private <T> T guarded(Supplier<T> action) {
        guard.lock();
        try {
            return action.get();
        } finally {
            guard.unlock();
        }
    }
}
