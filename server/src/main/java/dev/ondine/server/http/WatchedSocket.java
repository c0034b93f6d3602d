package dev.ondine.server.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The socket of one client, read and written by one thread, with a deadline for everything. While an answer is being computed it reads
 * ahead in order to notice that the client goes away; the bytes that come instead are kept for the next read.
 */
final class WatchedSocket {

    private static final int FREE_BYTES = 64 * 1024;
    private static final int BODY_BYTES_PER_SECOND = 64 * 1024;
    private static final Duration DRAIN_PAUSE = Duration.ofMillis(200);
    private static final Duration DRAIN = Duration.ofSeconds(5);

    /** What the client is expected to send. */
    private enum Phase { IDLE, HEAD, BODY }

    private final HelidonSocket socket;
    private final ConnectionLimits limits;
    private final ByteBudget budget;

    private Phase phase = Phase.HEAD;
    private long phaseStart = System.nanoTime();
    private long requestBytes;
    private long budgeted;

    private CompletableFuture<byte[]> ahead;
    private final List<Runnable> farewells = new ArrayList<>();
    private boolean gone;
    /** The client wants nothing more on this connection. */
    private boolean isOver;

    private Thread writer;
    private long writeDeadline;
    private boolean cut;

    WatchedSocket(HelidonSocket socket, ConnectionLimits limits, ByteBudget budget) {
        this.socket = socket;
        this.limits = limits;
        this.budget = budget;
    }

    /** The next bytes; null at the end. @throws RequestException if they take too long, or are too many */
    byte[] read() {
        if (isOver) {
            return null;
        }
        byte[] bytes = await(remaining());
        if (bytes == null) {
            return null;
        }
        if (phase == Phase.IDLE) {
            enter(Phase.HEAD);
        }
        count(bytes.length);
        return bytes;
    }

    /** The headers are complete: what comes now is the body. */
    void requestBegins() {
        enter(Phase.BODY);
    }

    /** The answer is sent: the client may go on, or stay away for a while. */
    synchronized void requestEnds() {
        farewells.clear();
        releaseBytes();
        enter(Phase.IDLE);
    }

    /** What is read from now on is the end: the client asked for one answer and no more. */
    void end() {
        isOver = true;
    }

    /** Runs something once if the client goes away before the request ends; at once if it has gone. */
    void whenGone(Runnable farewell) {
        synchronized (this) {
            if (!gone) {
                farewells.add(farewell);
                readAhead();
                return;
            }
        }
        farewell.run();
    }

    void write(BufferData buffer) {
        synchronized (this) {
            writer = Thread.currentThread();
            writeDeadline = System.nanoTime() + limits.write().toNanos();
        }
        try {
            socket.write(buffer);
        } finally {
            synchronized (this) {
                writer = null;
                if (cut) {
                    Thread.interrupted();
                }
            }
        }
    }

    /** Cuts off a client that does not take what is written: the interrupt closes the channel. */
    synchronized void check(long now) {
        if (writer != null && now - writeDeadline > 0) {
            cut = true;
            writer.interrupt();
            writer = null;
        }
    }

    /** Takes what a refused client still sends, for a short while, because closing on it could lose the answer on its way. */
    void drain() {
        if (isOver) {
            return;
        }
        long end = System.nanoTime() + DRAIN.toNanos();
        try {
            while (System.nanoTime() < end && await(DRAIN_PAUSE) != null) {
                continue;
            }
        } catch (RuntimeException e) {
            // Too late or broken: either way it is over.
            return;
        }
    }

    synchronized void releaseBytes() {
        budget.giveBack(budgeted);
        budgeted = 0;
        requestBytes = 0;
    }

    private synchronized void enter(Phase next) {
        phase = next;
        phaseStart = System.nanoTime();
    }

    private Duration remaining() {
        Duration whole = switch (phase) {
            case IDLE -> limits.idle();
            case HEAD -> limits.head();
            case BODY -> limits.body().plusSeconds(requestBytes / BODY_BYTES_PER_SECOND);
        };
        return whole.minusNanos(System.nanoTime() - phaseStart);
    }

    private byte[] await(Duration limit) {
        CompletableFuture<byte[]> next = readAhead();
        try {
            byte[] bytes = next.get(Math.max(limit.toNanos(), 0), TimeUnit.NANOSECONDS);
            taken(next);
            return bytes;
        } catch (TimeoutException e) {
            throw tooSlow();
        } catch (InterruptedException e) {
            throw new CloseConnectionException("the server stops", e);
        } catch (ExecutionException e) {
            throw new CloseConnectionException("the connection is broken", e);
        }
    }

    private synchronized CompletableFuture<byte[]> readAhead() {
        if (ahead == null) {
            var next = new CompletableFuture<byte[]>();
            ahead = next;
            Thread.ofVirtual().name("socket reader").start(() -> readInto(next));
        }
        return ahead;
    }

    private synchronized void taken(CompletableFuture<byte[]> read) {
        if (ahead == read) {
            ahead = null;
        }
    }

    private void readInto(CompletableFuture<byte[]> next) {
        try {
            byte[] bytes = socket.get();
            if (bytes == null) {
                leave();
            }
            next.complete(bytes);
        } catch (RuntimeException e) {
            leave();
            next.completeExceptionally(e);
        }
    }

    private void leave() {
        List<Runnable> waiting;
        synchronized (this) {
            gone = true;
            waiting = List.copyOf(farewells);
            farewells.clear();
        }
        waiting.forEach(Runnable::run);
    }

    private void count(int bytes) {
        requestBytes += bytes;
        if (requestBytes > FREE_BYTES) {
            if (!budget.take(bytes)) {
                throw failure(Status.SERVICE_UNAVAILABLE_503, "too many large requests at once; try again");
            }
            synchronized (this) {
                budgeted += bytes;
            }
        }
    }

    private RuntimeException tooSlow() {
        return phase == Phase.IDLE || phase == Phase.HEAD && requestBytes == 0 ? new CloseConnectionException("idle for too long")
                : failure(Status.REQUEST_TIMEOUT_408, "the request came too slowly: its headers may take " + limits.head().toSeconds()
                        + " s, its body " + limits.body().toSeconds() + " s and one more for every 64 KiB");
    }

    private static RequestException failure(Status status, String message) {
        return RequestException.builder().type(EventType.OTHER).status(status).message(message).safeMessage(true).setKeepAlive(false)
                .build();
    }
}
