package dev.ondine.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A model as it was at some moment. Counts are 0 for one that is not loaded.
 *
 * @param tasks           that use it now
 * @param weightBytes     of its file
 * @param activationBytes of what a step leaves between layers, and of logits
 * @param kvUsedBytes     of its cache that tasks and shared prefixes hold
 * @param kvBytes         of its cache, at most
 * @param loadTime        that the last load took
 * @param lastUse         empty if it was not used yet
 * @param unloadsAt       when it goes unless it is used again; empty for never or not now
 */
public record ModelStats(String name, ModelState state, int tasks, long weightBytes, long activationBytes, long kvUsedBytes, long kvBytes,
                         Duration loadTime, Optional<Instant> lastUse, Optional<Instant> unloadsAt) {

    /** Memory that it takes at most. */
    public long bytes() {
        return weightBytes + activationBytes + kvBytes;
    }
}
