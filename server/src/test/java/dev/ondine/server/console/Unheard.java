package dev.ondine.server.console;

import dev.ondine.server.http.RequestObserver;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Listens to a server for what breaks in it. */
final class Unheard implements RequestObserver {

    final Queue<Throwable> broken = new ConcurrentLinkedQueue<>();

    @Override
    public void answered(String method, String route, int status, Duration time) {
        // What was answered shows in the page.
    }

    @Override
    public void broken(String where, Throwable cause) {
        broken.add(cause);
    }
}
