package dev.ondine.os.memory;

import dev.ondine.models.CapacityException;
import dev.ondine.models.CompressedKv;
import dev.ondine.models.SequenceState;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The cache of one task, wherever it is. A task that runs has it as a {@link SequenceState}; otherwise it may be anywhere, or nowhere. */
public final class TaskCache {

    private final TaskMemory memory;
    private final CacheTerms terms;
    private CachePlace place = CachePlace.NOWHERE;
    /** Whether every number is as the model computed it. */
    private boolean isExact = true;
    private int inserted;
    private long reservedBytes;
    private long lastUse;

    TaskCache(TaskMemory memory, CacheTerms terms) {
        this.memory = memory;
        this.terms = terms;
    }

    /** The cache of a running task. */
    public SequenceState state() {
        return switch (place) {
            case CachePlace.Running running -> running.state();
            default -> throw new IllegalStateException("task %d does not run: restore its cache first".formatted(terms.task()));
        };
    }

    /**
     * Makes the task one that runs.
     *
     * @param tokens all that is known of it, at least one
     * @return how many of them are in the cache, fewer than all; -1 if there is no room now
     */
    public int restore(int[] tokens) {
        boolean hasRoom = switch (place) {
            case CachePlace.Running _ -> true;
            case CachePlace.Kept kept -> becomes(kept.state());
            case CachePlace.Compressed compressed -> expand(compressed);
            case CachePlace.Swapped swapped -> read(swapped, tokens);
            case CachePlace.None _ -> find(tokens);
        };
        return hasRoom ? state().length() : -1;
    }

    private boolean becomes(SequenceState state) {
        place = new CachePlace.Running(state);
        if (isExact && inserted < shareable()) {
            // A step may go far beyond, and the part that may be shared is wanted alone.
            state.retain(shareable());
        }
        return true;
    }

    private int shareable() {
        return Math.min(terms.shareable(), terms.promptTokens());
    }

    private boolean find(int[] tokens) {
        int most = inserted >= terms.promptTokens() ? tokens.length - 1 : Math.min(tokens.length - 1, terms.mostReused());
        return becomes(memory.prefixes().longest(terms.app(), tokens, most).orElseGet(memory.pool()::newSequence));
    }

    /** For a moment both forms are in memory; otherwise a cache that fills most of it could never come back. */
    private boolean expand(CachePlace.Compressed compressed) {
        place = CachePlace.NOWHERE;
        memory.addCompressed(-compressed.data().bytes());
        try {
            if (memory.makeRoom(compressed.heldBytes())) {
                long startNanos = System.nanoTime();
                SequenceState state = compressed.data().restore();
                memory.speeds().expanded(compressed.heldBytes(), System.nanoTime() - startNanos);
                compressed.data().close();
                isExact = false;
                return becomes(state);
            }
        } catch (CapacityException full) {
            // The system has no memory although the budget has.
        }
        memory.addCompressed(compressed.data().bytes());
        place = compressed;
        return false;
    }

    private void closeCompressed(CachePlace.Compressed compressed) {
        memory.addCompressed(-compressed.data().bytes());
        compressed.data().close();
    }

    private boolean read(CachePlace.Swapped swapped, int[] tokens) {
        if (!memory.makeRoom(swapped.heldBytes())) {
            return false;
        }
        try {
            long startNanos = System.nanoTime();
            SequenceState state = memory.pool().read(swapped.file().rewound());
            memory.speeds().read(swapped.file().bytes(), System.nanoTime() - startNanos);
            swapped.file().close();
            if (isExact) {
                memory.prefixes().share(terms.app(), tokens, state);
            }
            return becomes(state);
        } catch (CapacityException full) {
            return false;
        } catch (IOException lost) {
            swapped.file().close();
            place = CachePlace.NOWHERE;
            isExact = true;
            return find(tokens);
        }
    }

    /** Makes room for so many more tokens in the next step. @return false if running tasks hold too much */
    public boolean reserve(int tokens) {
        reservedBytes = 0;
        long bytes = state().bytesToGrow(tokens);
        if (!memory.makeRoom(bytes)) {
            return false;
        }
        reservedBytes = bytes;
        return true;
    }

    /**
     * After a step: lets prompts that begin alike have what was computed, once the part that may be shared and once the prompt is.
     *
     * @param tokens of the task; as many as its cache holds count
     */
    public void keepPrefix(int[] tokens) {
        SequenceState state = state();
        memory.prefixes().insert(terms.app(), tokens, terms.shareable(), state);
        inserted = state.length();
        if (inserted >= shareable()) {
            state.retainNothing();
        }
    }

    /** Whether the last step brought the cache to where {@link #keepPrefix} is due. */
    public boolean isPrefixDue() {
        int length = state().length();
        return isExact && (inserted < shareable() && length >= shareable()
                || inserted < terms.promptTokens() && length >= terms.promptTokens());
    }

    /**
     * The task gives way: its cache stays for now, and whoever needs room may take it, the cheapest way.
     *
     * @param tokens of the task; as many as its cache holds count
     * @return bytes that this frees for others
     */
    public long park(int[] tokens) {
        SequenceState state = state();
        reservedBytes = 0;
        lastUse = memory.nextUse();
        place = new CachePlace.Kept(state, tokens);
        return state.ownBytes();
    }

    /**
     * The task gives way while it waits for a tool. Where memory is scarce its cache leaves at once if keeping it would waste more.
     *
     * @param tokens of the task; as many as its cache holds count
     * @return bytes that this frees for others
     */
    public long block(int[] tokens) {
        long bytes = park(tokens);
        if (memory.isScarce()) {
            Set<ParkingWay> ways = possible();
            ways.add(ParkingWay.KEPT);
            become(costs().leastWaste(ways, memory.speeds().toolWaitSeconds(), memory.otherBytes(this)));
        }
        return bytes;
    }

    /** Leaves the pool, the cheapest way; what is compressed already leaves memory. */
    void displace() {
        switch (place) {
            case CachePlace.Kept _ -> become(costs().fastest(possible()));
            case CachePlace.Compressed compressed -> {
                closeCompressed(compressed);
                place = CachePlace.NOWHERE;
            }
            default -> throw new IllegalStateException("task %d is not parked in memory".formatted(terms.task()));
        }
    }

    private Set<ParkingWay> possible() {
        Set<ParkingWay> ways = EnumSet.of(ParkingWay.DROPPED);
        if (memory.swap().filter(folder -> kept().heldBytes() <= folder.freeBytes()).isPresent()) {
            ways.add(ParkingWay.SWAPPED);
        }
        if (terms.isLossy() && CompressedKv.compresses(memory.pool())) {
            ways.add(ParkingWay.COMPRESSED);
        }
        return ways;
    }

    private ParkingCosts costs() {
        return new ParkingCosts(kept().heldBytes(), kept().length(), CompressedKv.ratio(memory.pool()), memory.speeds().now());
    }

    private SequenceState kept() {
        return ((CachePlace.Kept) place).state();
    }

    private void become(ParkingWay way) {
        switch (way) {
            case KEPT -> { }
            case COMPRESSED -> compress();
            case SWAPPED -> write();
            case DROPPED -> drop();
        }
    }

    private void compress() {
        SequenceState state = kept();
        try {
            long startNanos = System.nanoTime();
            CompressedKv data = CompressedKv.of(state);
            memory.speeds().compressed(state.heldBytes(), System.nanoTime() - startNanos);
            place = new CachePlace.Compressed(data, state.heldBytes());
            state.close();
            memory.addCompressed(data.bytes());
        } catch (OutOfMemoryError none) {
            drop();
        }
    }

    private void write() {
        SequenceState state = kept();
        long startNanos = System.nanoTime();
        Optional<SwapFolder.SwappedSequence> file = memory.swap().flatMap(folder -> folder.write(state));
        if (file.isEmpty()) {
            drop();
            return;
        }
        memory.speeds().wrote(file.get().bytes(), System.nanoTime() - startNanos);
        place = new CachePlace.Swapped(file.get(), state.heldBytes());
        state.close();
    }

    /** To be computed again, as far as nobody keeps it. */
    private void drop() {
        CachePlace.Kept kept = (CachePlace.Kept) place;
        leave(kept.state(), kept.tokens());
        place = CachePlace.NOWHERE;
    }

    private void leave(SequenceState state, int[] tokens) {
        if (isExact) {
            memory.prefixes().insert(terms.app(), tokens, terms.shareable(), state);
            inserted = state.length();
        }
        isExact = true;
        state.close();
    }

    boolean canBeTaken() {
        return place instanceof CachePlace.Kept || place instanceof CachePlace.Compressed;
    }

    long lastUse() {
        return lastUse;
    }

    long reservedBytes() {
        return reservedBytes;
    }

    void clearReservation() {
        reservedBytes = 0;
    }

    /** Bytes of the pool that it alone holds. */
    long ownBytes() {
        return place.poolBytes();
    }

    long swappedBytes() {
        return place.fileBytes();
    }

    MemorySnapshot.TaskBytes view() {
        return new MemorySnapshot.TaskBytes(terms.task(), place.form(), place.bytes());
    }

    /**
     * The task is over: what it computed stays for prompts that begin alike.
     *
     * @param tokens of the task; as many as its cache holds count
     */
    public void close(int[] tokens) {
        switch (place) {
            case CachePlace.Running running -> leave(running.state(), tokens);
            case CachePlace.Kept kept -> leave(kept.state(), kept.tokens());
            case CachePlace.Compressed compressed -> closeCompressed(compressed);
            case CachePlace.Swapped swapped -> swapped.file().close();
            case CachePlace.None _ -> { }
        }
        place = CachePlace.NOWHERE;
        memory.remove(this);
    }
}
