package dev.ondine.os.memory;

import java.util.List;

/**
 * Where the caches of one model are at a moment.
 *
 * @param capacityBytes   that caches in memory may take, compressed ones included
 * @param tasks           in the order they came
 * @param prefixBytes     of blocks that tasks share, with each other or with what is kept for later, and of what is kept for later alone
 * @param compressedBytes of parked tasks, rounded to 8 bits
 * @param swappedBytes    of parked tasks, in files
 * @param freeBytes       of the capacity
 */
public record MemorySnapshot(long capacityBytes, List<TaskBytes> tasks, long prefixBytes, long compressedBytes, long swappedBytes,
                             long freeBytes) {

    /**
     * The cache of a task.
     *
     * @param bytes that it alone holds, in memory or in a file
     */
    public record TaskBytes(long task, CacheForm form, long bytes) {
    }

    /** Where a task's cache is. */
    public enum CacheForm { RUNNING, KEPT, COMPRESSED, SWAPPED, NONE }
}
