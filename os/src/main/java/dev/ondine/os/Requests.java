package dev.ondine.os;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** What threads ask of one thread, done by it between its other work; once that thread has ended, by whoever asks, one at a time. */
final class Requests {

    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private volatile Thread owner;
    private volatile boolean hasEnded;

    /** Called by the thread that does what is asked, before anybody asks. */
    void belongTo(Thread thread) {
        owner = thread;
    }

    /** Waits for what comes of a request, a failure included. */
    <T> T ask(Supplier<T> request) {
        if (isOwner()) {
            return request.get();
        }
        CompletableFuture<Supplier<T>> answer = new CompletableFuture<>();
        waiting.add(() -> answer.complete(answered(request)));
        LockSupport.unpark(owner);
        if (hasEnded) {
            run();
        }
        return answer.join().get();
    }

    boolean isOwner() {
        return Thread.currentThread() == owner;
    }

    private static <T> Supplier<T> answered(Supplier<T> request) {
        try {
            T value = request.get();
            return () -> value;
        } catch (RuntimeException e) {
            return () -> {
                throw e;
            };
        } catch (Error e) {
            return () -> {
                throw e;
            };
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Does all that is asked. */
    synchronized void run() {
        for (Runnable request; (request = waiting.poll()) != null; ) {
            request.run();
        }
    }

    /** From now on those who ask do it themselves. */
    void end() {
        hasEnded = true;
        run();
    }
}
