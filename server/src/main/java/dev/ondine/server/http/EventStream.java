package dev.ondine.server.http;

import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.failure.ErrorShape;
import java.io.OutputStream;

/**
 * An answer of server-sent events.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">the format</a>
 */
public final class EventStream extends ReplyStream {

    EventStream(OutputStream out) {
        super(out);
    }

    /** Sends an event without a name. */
    @Override
    public void send(Object json) {
        text(json(json));
    }

    /** Sends an event with a name. */
    public void send(String name, Object json) {
        write("event: " + name + "\ndata: " + json(json) + "\n\n");
    }

    /** Sends an event without a name whose data is one line of text, such as {@code [DONE]}. */
    public void text(String line) {
        write("data: " + line + "\n\n");
    }

    /** Sends a line that clients pass over. */
    public void comment(String line) {
        write(": " + line + "\n\n");
    }

    @Override
    void fail(ErrorShape shape, ApiFailure failure) {
        shape.eventName().ifPresentOrElse(name -> send(name, shape.body(failure)), () -> send(shape.body(failure)));
    }
}
