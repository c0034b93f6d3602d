package dev.ondine.tensor;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed set of compute threads that split one piece of work at a time. The caller is worker 0 and works too. Idle workers
 * spin for a moment, then park and use no processor time.
 *
 * <p>One thread at a time calls {@link #split}; a call made from inside the work runs on the calling worker alone.
 */
public final class WorkerTeam implements AutoCloseable {

    /** A share of the work: items {@code [from, to)}, done by one worker. {@code from} is a multiple of the grain. */
    public interface Work {
        void run(int worker, int from, int to);
    }

    // 10 to 90 us, as long as a processor's spin-wait hint takes: longer than the gap between two operations of one step,
    // far shorter than a time slice.
    private static final int SPINS = 2_000;

    private final Member[] members;
    private final int spins;
    /** The thread inside {@link #split}; after {@link #close} for ever the one that closed. */
    private final AtomicReference<Thread> caller = new AtomicReference<>();
    private final AtomicInteger nextShare = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private volatile int epoch;
    private volatile boolean callerParked;
    private volatile Throwable failure;
    private volatile boolean closed;
    // Written before the epoch advances, read after it was seen to advance.
    private Work work;
    private int items;
    private int grain;

    /** @param workers threads that compute, the caller included; at least 1 */
    public WorkerTeam(int workers) {
        if (workers < 1) {
            throw new IllegalArgumentException("a worker team needs at least 1 thread, got " + workers);
        }
        // Where threads outnumber processors, a spinning one keeps a working one from running.
        spins = workers <= Runtime.getRuntime().availableProcessors() ? SPINS : 0;
        members = new Member[workers - 1];
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
     * @param grain items that a worker takes at once; no more than this many are not worth a second worker
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
        failure = null;
        nextShare.setPlain(0);
        running.setPlain(members.length);
        startEpoch();
        takeShares(0);
        awaitMembers();
        this.work = null;
        rethrowFailure();
    }

    /** Either a member sees the new epoch before it parks, or this sees that it parked: both are volatile, written before read. */
    @SuppressWarnings("NonAtomicOperationOnVolatileField")
    private void startEpoch() {
        epoch++;
        for (Member member : members) {
            if (member.parked) {
                LockSupport.unpark(member);
            }
        }
    }

    private void takeShares(int worker) {
        int shares = Math.ceilDiv(items, grain);
        try {
            for (int share; (share = nextShare.getAndIncrement()) < shares; ) {
                int from = share * grain;
                work.run(worker, from, from + Math.min(grain, items - from));
            }
        } catch (Throwable thrown) {
            failure = thrown;
            nextShare.set(shares);
        }
    }

    private void awaitMembers() {
        for (int spin = 0; running.get() > 0 && spin < spins; spin++) {
            Thread.onSpinWait();
        }
        callerParked = true;
        while (running.get() > 0) {
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
        startEpoch();
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
            for (int seen = 0; ; seen++) {
                awaitEpochAfter(seen);
                if (closed) {
                    return;
                }
                takeShares(number);
                if (running.decrementAndGet() == 0 && callerParked) {
                    LockSupport.unpark(caller.get());
                }
            }
        }

        private void awaitEpochAfter(int seen) {
            for (int spin = 0; epoch == seen && spin < spins; spin++) {
                Thread.onSpinWait();
            }
            if (epoch != seen) {
                return;
            }
            parked = true;
            while (epoch == seen) {
                LockSupport.park(WorkerTeam.this);
            }
            parked = false;
        }
    }
}
