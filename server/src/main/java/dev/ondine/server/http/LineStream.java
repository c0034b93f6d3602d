package dev.ondine.server.http;

import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.failure.ErrorShape;
import java.io.OutputStream;

/**
 * An answer of JSON values, one on a line.
 *
 * @see <a href="https://github.com/ndjson/ndjson-spec">the format</a>
 */
public final class LineStream extends ReplyStream {

    LineStream(OutputStream out) {
        super(out);
    }

    @Override
    public void send(Object json) {
        write(json(json) + "\n");
    }

    @Override
    void fail(ErrorShape shape, ApiFailure failure) {
        send(shape.body(failure));
    }
}
