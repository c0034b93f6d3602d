package dev.ondine.server.http;

import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.spi.ServerConnection;
import java.time.Duration;

/** One connection from its start to its end; the thread that serves it finds its socket as {@link #CURRENT}. */
final class WatchedConnection implements ServerConnection, InterruptableTask<Void> {

    static final ScopedValue<WatchedSocket> CURRENT = ScopedValue.newInstance();

    private final ServerConnection inner;
    private final WatchedSocket socket;
    private final Runnable end;

    WatchedConnection(ServerConnection inner, WatchedSocket socket, Runnable end) {
        this.inner = inner;
        this.socket = socket;
        this.end = end;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        try {
            ScopedValue.where(CURRENT, socket).call(() -> {
                inner.handle(limit);
                return null;
            });
            socket.drain();
        } catch (CloseConnectionException e) {
            socket.drain();
            throw e;
        } finally {
            socket.releaseBytes();
            end.run();
        }
    }

    @Override
    public boolean canInterrupt() {
        return inner instanceof InterruptableTask<?> task && task.canInterrupt();
    }

    @Override
    public Duration idleTime() {
        return inner.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
        inner.close(interrupt);
    }
}
