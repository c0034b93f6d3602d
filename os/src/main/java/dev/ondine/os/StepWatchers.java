package dev.ondine.os;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Those who watch steps. One that fails hears of no more. */
final class StepWatchers {

    private final List<Consumer<StepRecord>> watchers = new CopyOnWriteArrayList<>();

    /** @return what ends it */
    AutoCloseable add(Consumer<StepRecord> watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    void tell(StepRecord step) {
        for (Consumer<StepRecord> watcher : watchers) {
            try {
                watcher.accept(step);
            } catch (RuntimeException | Error e) {
                watchers.remove(watcher);
            }
        }
    }
}
