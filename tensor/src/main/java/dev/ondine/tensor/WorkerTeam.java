package dev.ondine.tensor;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed set of compute threads that split one piece of work at a time. The caller is worker 0 and works too. Idle workers
 * spin for a moment, then park.
 *
 * <p>One thread at a time calls {@link #split}; a call made from inside another runs on the calling worker alone.
 */
public final class WorkerTeam implements AutoCloseable {

    /** A share of the work: items {@code [from, to)}, done by one worker. */
    public interface Work {
        void run(int worker, int from, int to);
    }

    // About 20 us of spinning: longer than the gap between two operations of one step, far shorter than a time slice.
    private static final int SPINS = 2_000;

    private final Thread[] threads;
    private final AtomicInteger nextItem = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private volatile int epoch;
    private volatile boolean closed;
    private volatile Throwable failure;
    private volatile Thread caller;
    private Work work;
    private int items;
    private int grain;

    /** @param workers threads that compute, the caller included; at least 1 */
    public WorkerTeam(int workers) {
        if (workers < 1) {
            throw new IllegalArgumentException("a worker team needs at least 1 thread, got " + workers);
        }
        threads = new Thread[workers - 1];
        for (int i = 0; i < threads.length; i++) {
            int worker = i + 1;
            threads[i] = Thread.ofPlatform().daemon().name("ondine-worker-" + worker).start(() -> serve(worker));
        }
    }

    /** Workers, the caller included. */
    public int size() {
        return threads.length + 1;
    }

    /**
     * Runs the work over items {@code [0, items)}; returns when all are done.
     *
     * @param grain items that a worker takes at once
     * @throws RuntimeException what the work threw, from whichever worker
     */
    public void split(int items, int grain, Work work) {
        if (threads.length == 0 || items <= grain || caller != null) {
            work.run(0, 0, items);
            return;
        }
        this.work = work;
        this.items = items;
        this.grain = grain;
        failure = null;
        caller = Thread.currentThread();
        nextItem.setPlain(0);
        running.setPlain(threads.length);
        epoch++;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
        takeShares(0);
        awaitOthers();
        caller = null;
        rethrowFailure();
    }

    private void takeShares(int worker) {
        try {
            for (int from; (from = nextItem.getAndAdd(grain)) < items; ) {
                work.run(worker, from, Math.min(items, from + grain));
            }
        } catch (Throwable thrown) {
            failure = thrown;
            nextItem.set(items);
        }
    }

    private void awaitOthers() {
        for (int spin = 0; running.get() > 0; spin++) {
            if (spin < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
        }
    }

    private void rethrowFailure() {
        switch (failure) {
            case null -> { }
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    private void serve(int worker) {
        int seen = 0;
        while (true) {
            seen = awaitEpochAfter(seen);
            if (closed) {
                return;
            }
            takeShares(worker);
            Thread waiting = caller;
            if (running.decrementAndGet() == 0) {
                LockSupport.unpark(waiting);
            }
        }
    }

    private int awaitEpochAfter(int seen) {
        for (int spin = 0; epoch == seen && !closed; spin++) {
            if (spin < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
        }
        return epoch;
    }

    /** Ends the threads; they finish the work they are in. */
    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
    }
}
