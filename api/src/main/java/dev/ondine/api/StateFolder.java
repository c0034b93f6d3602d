package dev.ondine.api;

import dev.ondine.os.TaskJournal;
import dev.ondine.os.memory.SwapFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;

/** The folder that an {@link Ondine} keeps its state in: durable tasks, and caches that have no room in memory. Owns both. */
final class StateFolder implements AutoCloseable {

    private static final Duration KEPT = Duration.ofDays(7);
    private static final long MOST_SWAPPED_BYTES = 16L << 30;

    private final TaskJournal journal;
    private final SwapFolder swap;

    /** @throws IllegalStateException if another process has it */
    StateFolder(Path folder) {
        journal = TaskJournal.open(folder.resolve("tasks"), KEPT);
        try {
            swap = new SwapFolder(folder.resolve("swap"), MOST_SWAPPED_BYTES);
        } catch (IOException e) {
            journal.close();
            throw new UncheckedIOException(e);
        }
    }

    TaskJournal journal() {
        return journal;
    }

    SwapFolder swap() {
        return swap;
    }

    @Override
    public void close() {
        journal.close();
        swap.close();
    }
}
