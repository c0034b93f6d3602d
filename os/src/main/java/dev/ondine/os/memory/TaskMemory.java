package dev.ondine.os.memory;

import dev.ondine.models.KvBlockPool;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The caches of all tasks of one model: those that run, those that are parked, and what is kept for prompts that begin alike. When a
 * task needs room it makes some: first from the budget, then from what has not been used for longest, be that a kept beginning or
 * the cache of a parked task. Only the kernel's thread uses it. Borrows the pool and the folder.
 */
public final class TaskMemory implements AutoCloseable {

    /** Below this part of the capacity, memory counts as scarce. */
    private static final int SCARCE_PART = 8;

    private final KvBlockPool pool;
    private final MemoryBudget.Claim claim;
    private final Optional<SwapFolder> swap;
    private final ParkingSpeeds speeds;
    private final PrefixTree prefixes = new PrefixTree(this::nextUse);
    private final Set<TaskCache> caches = new LinkedHashSet<>();
    private long useCounter;
    private long compressedBytes;

    /**
     * @param claim for the caches; it grows as far as the budget allows when they do
     * @param swap  empty where caches never go to a file
     */
    public TaskMemory(KvBlockPool pool, MemoryBudget.Claim claim, Optional<SwapFolder> swap, ParkingSpeeds speeds) {
        this.pool = pool;
        this.claim = claim;
        this.swap = swap;
        this.speeds = speeds;
        adjustCapacity();
    }

    /** A place for the cache of a new task. Close it when the task is over. */
    public TaskCache open(CacheTerms terms) {
        TaskCache cache = new TaskCache(this, terms);
        caches.add(cache);
        return cache;
    }

    /** What is kept for prompts that begin alike. */
    PrefixTree prefixes() {
        return prefixes;
    }

    public ParkingSpeeds speeds() {
        return speeds;
    }

    /** What was reserved is about to be taken. */
    public void stepBegins() {
        caches.forEach(TaskCache::clearReservation);
    }

    /**
     * Gives memory up, e.g. for another model.
     *
     * @return false if running tasks hold more than that
     */
    public boolean shrinkTo(long bytes) {
        while (pool.usedBytes() + compressedBytes > bytes) {
            if (!reclaim()) {
                return false;
            }
        }
        pool.trim();
        claim.resize(bytes);
        adjustCapacity();
        return true;
    }

    /** Where the caches are now. */
    public MemorySnapshot snapshot() {
        List<MemorySnapshot.TaskBytes> tasks = caches.stream().map(TaskCache::view).toList();
        long alone = caches.stream().mapToLong(TaskCache::ownBytes).sum();
        return new MemorySnapshot(claim.bytes(), tasks, pool.usedBytes() - alone, compressedBytes,
                caches.stream().mapToLong(TaskCache::swappedBytes).sum(), pool.capacityBytes() - pool.usedBytes());
    }

    KvBlockPool pool() {
        return pool;
    }

    Optional<SwapFolder> swap() {
        return swap;
    }

    long nextUse() {
        return ++useCounter;
    }

    void remove(TaskCache cache) {
        caches.remove(cache);
    }

    /** Compressed caches lie beside the pool, and both in the claim. */
    void addCompressed(long bytes) {
        compressedBytes += bytes;
        adjustCapacity();
    }

    private void adjustCapacity() {
        pool.setCapacityBytes(Math.max(0, claim.bytes() - compressedBytes));
    }

    /** Bytes of all caches but this one. */
    long otherBytes(TaskCache cache) {
        return pool.usedBytes() - cache.ownBytes();
    }

    boolean isScarce() {
        return free() < pool.capacityBytes() / SCARCE_PART;
    }

    private long free() {
        return pool.capacityBytes() - pool.usedBytes() - caches.stream().mapToLong(TaskCache::reservedBytes).sum();
    }

    /** Frees as much as is needed for so many bytes. @return false if running tasks hold too much */
    boolean makeRoom(long bytes) {
        while (free() < bytes) {
            if (!grow(bytes - free()) && !reclaim()) {
                return false;
            }
        }
        return true;
    }

    private boolean grow(long bytes) {
        boolean grown = claim.resize(claim.bytes() + bytes);
        adjustCapacity();
        return grown;
    }

    /** Takes from what has not been used for longest. @return false if only running tasks are left */
    private boolean reclaim() {
        Optional<TaskCache> parked = caches.stream().filter(TaskCache::canBeTaken).min(Comparator.comparingLong(TaskCache::lastUse));
        if (parked.isPresent() && parked.get().lastUse() < prefixes.oldestUse()) {
            parked.get().displace();
            return true;
        }
        return prefixes.evict();
    }

    /** Forgets all; tasks must be over. */
    @Override
    public void close() {
        prefixes.close();
    }
}
