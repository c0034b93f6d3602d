package dev.ondine.api;

import dev.ondine.models.CapacityException;
import dev.ondine.os.Kernel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** The models of an {@link Ondine}, by name: keeps them within the memory they share, and takes out those that nobody uses any more. */
final class ModelShelf {

    private final OndineSettings settings;
    private final Kernel kernel;
    private final Map<String, LocalModel> models = new LinkedHashMap<>();
    private final Map<String, LocalModel> aliases = new HashMap<>();
    /** One model at a time makes room and comes in. */
    private final ReentrantLock room = new ReentrantLock();
    private final Map<LocalModel, Future<?>> departures = new HashMap<>();
    /** Made when the first model is to go: most programs keep theirs. */
    private ScheduledThreadPoolExecutor clock;
    private boolean isClosed;

    ModelShelf(OndineSettings settings, Kernel kernel) {
        this.settings = settings;
        this.kernel = kernel;
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
            OptionalLong limit = settings.memoryBytes();
            if (limit.isPresent()) {
                makeRoom(model, limit.getAsLong());
            }
            return new RunningModel(model.source(), settings);
        } finally {
            room.unlock();
        }
    }

    private void makeRoom(LocalModel model, long limit) {
        long needed = Math.addExact(model.details().fileBytes(), settings.kvBytes().orElse(0));
        if (needed > limit) {
            throw new CapacityException("model %s needs %,d bytes, all models together may take %,d; choose a smaller one"
                    .formatted(model.name(), needed, limit));
        }
        List<LocalModel> others = all();
        others.sort(Comparator.comparing(other -> other.stats().lastUse().orElse(Instant.EPOCH)));
        for (LocalModel other : others) {
            if (used() + needed > limit) {
                other.unloadIfUnused(other.useNumber());
            }
        }
        if (used() + needed > limit) {
            throw new CapacityException(("model %s needs %,d bytes, and models in use take %,d of %,d; come again when their tasks have ended")
                    .formatted(model.name(), needed, used(), limit));
        }
    }

    private long used() {
        return all().stream().map(LocalModel::stats).mapToLong(ModelStats::bytes).sum();
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
