package dev.ondine.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.utils.Signals;

/** The wish of the user or the system that the process end: Ctrl-C or SIGTERM. The first asks, the second Ctrl-C ends it at once. */
final class StopSignal implements AutoCloseable {

    private final CountDownLatch wanted = new CountDownLatch(1);
    private final AtomicBoolean isWanted = new AtomicBoolean();
    private final List<Runnable> before = new ArrayList<>();

    StopSignal() {
        handle("INT");
        handle("TERM");
    }

    private void handle(String signal) {
        Object old = Signals.register(signal, this::ask);
        before.add(() -> Signals.unregister(signal, old));
    }

    private void ask() {
        if (isWanted.getAndSet(true)) {
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
        }
        wanted.countDown();
    }

    /** Waits for it. */
    void await() throws InterruptedException {
        wanted.await();
    }

    @Override
    public void close() {
        before.forEach(Runnable::run);
    }
}
