package dev.ondine.tensor;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed set of compute threads that split one piece of work at a time. The caller is worker 0 and works too. Idle workers
 * spin for a moment, then park and use no processor time.
 *
 * <p>One thread at a time calls {@link #split}; a call made from inside the work runs on the calling worker alone.
 */
public final class WorkerTeam implements AutoCloseable {

    /**
     * A share of the work: items {@code [from, to)}, done by one worker. {@code from} is a multiple of the grain. The length is any;
     * no result may depend on it, nor on the worker.
     */
    public interface Work {
        void run(int worker, int from, int to);
    }

    // 10 to 90 us, as long as a processor's spin-wait hint takes: longer than the gap between two operations of one step,
    // far shorter than a time slice, so that it takes little from another process.
    private static final int SPINS = 2_000;

    private final Member[] members;
    /** The thread inside {@link #split}; after {@link #close} for ever the one that closed. */
    private final AtomicReference<Thread> caller = new AtomicReference<>();
    /** The epoch in the upper half, which counts the splits; in the lower half the grains of this split that nobody has taken. */
    private final AtomicLong open = new AtomicLong();
    /** Grains of this split that are not done. */
    private final AtomicInteger unfinished = new AtomicInteger();
    private volatile boolean callerParked;
    private volatile Throwable failure;
    private volatile boolean closed;
    // Written before a split opens. Whoever has taken grains of it reads them, for then it does not end before these are done.
    private Work work;
    private int items;
    private int grain;
    private int grains;

    /**
     * A team of as many threads as asked for, but no more than the machine has processors: further ones would only take turns.
     *
     * @param workers threads that compute, the caller included; at least 1
     */
    public WorkerTeam(int workers) {
        this(workers, Runtime.getRuntime().availableProcessors());
    }

    WorkerTeam(int workers, int processors) {
        if (workers < 1) {
            throw new IllegalArgumentException("a worker team needs at least 1 thread, got " + workers);
        }
        members = new Member[Math.min(workers, processors) - 1];
        for (int i = 0; i < members.length; i++) {
            members[i] = new Member(i + 1);
            members[i].start();
        }
    }

    /** Workers, the caller included. */
    public int size() {
        return members.length + 1;
    }

    /**
     * Runs the work over items {@code [0, items)}; returns when all are done.
     *
     * @param grain items that a worker takes at least; no more than this many are not worth a second worker
     * @throws RuntimeException      what the work threw, from whichever worker; items not begun by then stay undone
     * @throws IllegalStateException if another thread is inside this method or the team is closed
     */
    public void split(int items, int grain, Work work) {
        if (grain < 1) {
            throw new IllegalArgumentException("a share of the work needs at least 1 item, got " + grain);
        }
        Thread current = Thread.currentThread();
        if (!caller.compareAndSet(null, current)) {
            runInside(current, items, work);
            return;
        }
        try {
            if (members.length == 0 || items <= grain) {
                runAlone(0, items, work);
            } else {
                runTogether(items, grain, work);
            }
        } finally {
            caller.set(null);
        }
    }

    private void runInside(Thread current, int items, Work work) {
        boolean member = current instanceof Member other && other.team() == this;
        if (!member && caller.get() != current || closed) {
            throw new IllegalStateException(closed ? "this worker team is closed" : "another thread is using this worker team");
        }
        runAlone(member ? ((Member) current).number : 0, items, work);
    }

    private static void runAlone(int worker, int items, Work work) {
        if (items > 0) {
            work.run(worker, 0, items);
        }
    }

    private void runTogether(int items, int grain, Work work) {
        this.work = work;
        this.items = items;
        this.grain = grain;
        grains = Math.ceilDiv(items, grain);
        failure = null;
        unfinished.setPlain(grains);
        startEpoch(grains);
        takeShares(0);
        awaitOthers();
        this.work = null;
        rethrowFailure();
    }

    private static int epochOf(long opened) {
        return (int) (opened >>> 32);
    }

    /** Either a member sees the new epoch before it parks, or this sees that it parked: both are volatile, written before read. */
    private void startEpoch(int grains) {
        open.set((long) (epochOf(open.getPlain()) + 1) << 32 | grains);
        for (Member member : members) {
            if (member.parked) {
                LockSupport.unpark(member);
            }
        }
    }

    /**
     * Takes and does shares until none is left, each its equal portion of what is left: large ones first, small ones last. Who
     * comes late, even to a later split than it was woken for, takes what it finds.
     */
    private void takeShares(int worker) {
        int done = 0;
        long seen;
        while ((int) (seen = open.get()) > 0) {
            int left = (int) seen;
            int taken = Math.ceilDiv(left, size());
            if (open.compareAndSet(seen, seen - taken)) {
                done += taken + runShare(worker, grains - left, taken);
            }
        }
        if (done > 0 && unfinished.addAndGet(-done) == 0 && callerParked) {
            LockSupport.unpark(caller.get());
        }
    }

    /** Returns how many grains nobody will do, because this share failed. */
    private int runShare(int worker, int first, int count) {
        int from = first * grain;
        try {
            work.run(worker, from, (int) Math.min(items, from + (long) count * grain));
            return 0;
        } catch (Throwable thrown) {
            failure = thrown;
            long dropped;
            do {
                dropped = open.get();
            } while (!open.compareAndSet(dropped, dropped - (int) dropped));
            return (int) dropped;
        }
    }

    /** Waits for shares that were taken; a worker that has taken none holds nobody up. */
    private void awaitOthers() {
        for (int spin = 0; unfinished.get() > 0 && spin < SPINS; spin++) {
            Thread.onSpinWait();
        }
        callerParked = true;
        while (unfinished.get() > 0) {
            LockSupport.park(this);
        }
        callerParked = false;
    }

    /** No switch over types: the JVM would link it at the first split, which costs milliseconds at every start. */
    private void rethrowFailure() {
        Throwable thrown = failure;
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown != null) {
            throw new IllegalStateException(thrown);
        }
    }

    /**
     * Ends the threads, after the work they are in. Closing twice does nothing.
     *
     * @throws IllegalStateException if called from inside the work
     */
    @Override
    public void close() {
        Thread current = Thread.currentThread();
        while (!caller.compareAndSet(null, current)) {
            if (closed) {
                return;
            }
            if (caller.get() == current || current instanceof Member member && member.team() == this) {
                throw new IllegalStateException("a worker team cannot be closed from inside its work");
            }
            Thread.onSpinWait();
        }
        closed = true;
        startEpoch(0);
    }

    private final class Member extends Thread {

        private final int number;
        private volatile boolean parked;

        Member(int number) {
            super("ondine-worker-" + number);
            this.number = number;
            setDaemon(true);
        }

        WorkerTeam team() {
            return WorkerTeam.this;
        }

        @Override
        public void run() {
            for (int seen = 0; !closed; seen = awaitEpochAfter(seen)) {
                takeShares(number);
            }
        }

        private int awaitEpochAfter(int seen) {
            for (int spin = 0; epoch() == seen && spin < SPINS; spin++) {
                Thread.onSpinWait();
            }
            if (epoch() == seen) {
                parked = true;
                while (epoch() == seen) {
                    LockSupport.park(WorkerTeam.this);
                }
                parked = false;
            }
            return epoch();
        }

        private int epoch() {
            return epochOf(open.get());
        }
    }
}
