package dev.ondine.api;

import dev.ondine.os.memory.MemorySnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A model as it was at some moment. Counts are 0 for one that is not loaded.
 *
 * @param tasks           that use it now
 * @param weightBytes     of its file
 * @param activationBytes of what a step leaves between layers, and of logits
 * @param caches          where the caches of its tasks are; empty for one that is not loaded
 * @param loadTime        that the last load took
 * @param lastUse         empty if it was not used yet
 * @param unloadsAt       when it goes unless it is used again; empty for never or not now
 */
public record ModelStats(String name, ModelState state, int tasks, long weightBytes, long activationBytes,
                         Optional<MemorySnapshot> caches, Duration loadTime, Optional<Instant> lastUse, Optional<Instant> unloadsAt) {

    /** Of its cache, at most. */
    public long kvBytes() {
        return caches.map(MemorySnapshot::capacityBytes).orElse(0L);
    }

    /** Of its cache, for tasks and for prompts that begin alike. */
    public long kvUsedBytes() {
        return caches.map(cache -> cache.capacityBytes() - cache.freeBytes()).orElse(0L);
    }

    /** Memory that it takes at most. */
    public long bytes() {
        return weightBytes + activationBytes + kvBytes();
    }
}
