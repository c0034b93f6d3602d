package dev.ondine.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Whether the user has asked the process to end. While it is open, Ctrl-C waits for the work to stop and to say what it has; the
 * JVM then ends with exit code 130 by itself.
 */
final class Interruption implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 2;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupt, "ondine-interrupt");
    private final Runnable abandoned;
    private Runnable stop = () -> { };
    private boolean requested;

    Interruption() {
        this(() -> { });
    }

    /** @param abandoned what to do at last where the work does not stop soon enough */
    Interruption(Runnable abandoned) {
        this.abandoned = abandoned;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void interrupt() {
        synchronized (this) {
            requested = true;
            stop.run();
        }
        try {
            if (!finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                abandoned.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What stops the work when the user asks for that; done at once if he has. */
    synchronized void stopsBy(Runnable action) {
        stop = action;
        if (requested) {
            stop.run();
        }
    }

    synchronized boolean isRequested() {
        return requested;
    }

    @Override
    public void close() {
        finished.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending already, and the hook with it.
        }
    }
}
