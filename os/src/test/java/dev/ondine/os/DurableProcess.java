package dev.ondine.os;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A process that runs durable tasks and may be killed at any moment. It begins the tasks if its journal is empty, else goes on with
 * those that it finds. It prints a line for each token that a client sees: {@code task index token}.
 */
final class DurableProcess {

    /** So slow that it can be killed between two steps. */
    private static final Duration STEP = Duration.ofMillis(4);

    /** Of each answer. */
    static final int TOKENS = 180;

    private DurableProcess() {
    }

    /** @param arguments the journal's folder */
    public static void main(String[] arguments) throws Exception {
        try (PebbleEngine pebble = new PebbleEngine(); TaskJournal journal = TaskJournal.open(Path.of(arguments[0]), Duration.ofDays(1));
             Kernel kernel = PebbleEngine.kernel(journal); AutoCloseable _ = kernel.watch(_ -> rest())) {
            List<Thread> clients = (journal.entries().isEmpty() ? begun(kernel, pebble) : resumed(kernel, pebble, journal)).stream()
                    .map(Thread::startVirtualThread).toList();
            for (Thread client : clients) {
                client.join();
            }
        }
    }

    private static void rest() {
        try {
            Thread.sleep(STEP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<Runnable> begun(Kernel kernel, PebbleEngine pebble) {
        return DurableWorks.all(pebble, DurableProcess.TOKENS).stream().map(work -> {
            TaskHandle handle = DurableWorks.submit(kernel, pebble, work);
            return client(handle, 0);
        }).toList();
    }

    private static List<Runnable> resumed(Kernel kernel, PebbleEngine pebble, TaskJournal journal) {
        return journal.unfinished().stream().map(entry -> client(DurableWorks.resume(kernel, pebble, entry), entry.pieces().size())).toList();
    }

    private static Runnable client(TaskHandle handle, int from) {
        return () -> {
            try {
                int index = from;
                while (handle.next() instanceof TaskHandle.Event.Token(var token)) {
                    System.out.println(handle.id() + " " + index++ + " " + token.token());
                    System.out.flush();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }
}
