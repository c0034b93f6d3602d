package dev.ondine.server.http;

import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.failure.ErrorShape;
import dev.ondine.server.json.JsonText;
import io.helidon.common.socket.SocketWriterException;
import io.helidon.webserver.CloseConnectionException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * An answer that is sent piece by piece. Each piece is on its way when its method returns; if the client does not take it, the method
 * waits, at most as long as {@link ConnectionLimits#write}. All methods throw {@link ClientGone} when nobody is there to read.
 */
public abstract sealed class ReplyStream implements AutoCloseable permits EventStream, LineStream {

    private final OutputStream out;
    private boolean closed;

    ReplyStream(OutputStream out) {
        this.out = out;
    }

    /** Sends JSON: plain values or a tree. */
    public abstract void send(Object json);

    /** Sends an error as clients of an API expect it within a stream. */
    abstract void fail(ErrorShape shape, ApiFailure failure);

    /** Ends the answer as a complete one. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            guarded(out::close);
        }
    }

    static String json(Object value) {
        return JsonText.write(value);
    }

    final void write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        guarded(() -> {
            out.write(bytes);
            out.flush();
        });
    }

    private static void guarded(Writing writing) {
        try {
            writing.run();
        } catch (IOException | UncheckedIOException | SocketWriterException | CloseConnectionException e) {
            throw new ClientGone(e);
        }
    }

    @FunctionalInterface
    private interface Writing {

        void run() throws IOException;
    }
}
