package dev.ondine.api;

import dev.ondine.models.CapacityException;
import dev.ondine.os.Kernel;
import dev.ondine.os.memory.MemoryBudget;
import dev.ondine.os.memory.SwapFolder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** The models of an {@link Ondine}, by name: keeps them within the memory they share, and takes out those that nobody uses any more. */
final class ModelShelf {

    private final OndineSettings settings;
    private final Kernel kernel;
    private final MemoryBudget budget;
    private final Optional<SwapFolder> swap;
    private final Map<String, LocalModel> models = new LinkedHashMap<>();
    private final Map<String, LocalModel> aliases = new HashMap<>();
    /** One model at a time makes room and comes in. */
    private final ReentrantLock room = new ReentrantLock();
    private final Map<LocalModel, Future<?>> departures = new HashMap<>();
    /** Made when the first model is to go: most programs keep theirs. */
    private ScheduledThreadPoolExecutor clock;
    private boolean isClosed;

    ModelShelf(OndineSettings settings, Kernel kernel, Optional<SwapFolder> swap) {
        this.swap = swap;
        this.settings = settings;
        this.kernel = kernel;
        this.budget = new MemoryBudget(settings.memoryBytes().orElse(Long.MAX_VALUE));
    }

    OndineSettings settings() {
        return settings;
    }

    synchronized LocalModel add(ModelSource source) {
        requireFree(source.name());
        source.aliases().forEach(this::requireFree);
        LocalModel model = new LocalModel(source, this, kernel);
        models.put(source.name(), model);
        source.aliases().forEach(alias -> aliases.put(alias, model));
        return model;
    }

    private void requireFree(String name) {
        if (find(name).isPresent()) {
            throw new IllegalArgumentException("there is a model %s already; give this one another name".formatted(name));
        }
    }

    /** Forgets a model; its name is free again. */
    synchronized void remove(LocalModel model) {
        models.remove(model.name());
        aliases.values().removeIf(named -> named == model);
    }

    synchronized Optional<LocalModel> find(String name) {
        return Optional.ofNullable(models.getOrDefault(name, aliases.get(name)));
    }

    /** In the order they were added. */
    synchronized List<LocalModel> all() {
        return new ArrayList<>(models.values());
    }

    /** Brings a model into memory, and others out if it needs their room. @throws CapacityException if there is not enough */
    RunningModel start(LocalModel model) {
        room.lock();
        try {
            while (true) {
                try {
                    return new RunningModel(model.source(), settings, budget, swap);
                } catch (CapacityException e) {
                    if (!unloadOne()) {
                        throw e;
                    }
                }
            }
        } finally {
            room.unlock();
        }
    }

    /** Takes out the model that was not used for longest. @return false if all are in use */
    private boolean unloadOne() {
        return all().stream().sorted(Comparator.comparing(LocalModel::lastUse)).anyMatch(model -> model.unloadIfUnused(model.useNumber()));
    }

    /** Who holds how much memory. */
    MemoryBudget budget() {
        return budget;
    }

    /** A model was used or its time changed: sees to it that it goes when its time has come. */
    synchronized void reckon(LocalModel model) {
        Future<?> departure = departures.remove(model);
        if (departure != null) {
            departure.cancel(false);
        }
        Optional<Duration> time = model.leaves();
        if (time.isPresent() && !isClosed) {
            long use = model.useNumber();
            departures.put(model, clock().schedule(() -> model.unloadIfUnused(use), time.get().toNanos(), TimeUnit.NANOSECONDS));
        }
    }

    private ScheduledThreadPoolExecutor clock() {
        if (clock == null) {
            clock = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("ondine-models").factory());
            clock.setRemoveOnCancelPolicy(true);
        }
        return clock;
    }

    /** Takes all models out of memory; their tasks have ended. */
    void close() {
        synchronized (this) {
            isClosed = true;
            if (clock != null) {
                clock.shutdown();
            }
        }
        for (LocalModel model : all()) {
            try {
                model.unload(Duration.ZERO);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
