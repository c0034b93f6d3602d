package dev.ondine.server.ollama;

import dev.ondine.server.http.LineStream;
import dev.ondine.text.tools.ToolEvent;
import dev.ondine.text.tools.ToolReply;
import java.util.function.Consumer;

/** Sends an answer line by line as it comes; a call is one line. */
final class OllamaPieces implements Consumer<ToolEvent> {

    private final OllamaReply reply;
    private final LineStream lines;
    private final StringBuilder arguments = new StringBuilder();
    private String name;

    OllamaPieces(OllamaReply reply, LineStream lines) {
        this.reply = reply;
        this.lines = lines;
    }

    @Override
    public void accept(ToolEvent event) {
        switch (event) {
            case ToolEvent.Text(var text) -> lines.send(reply.piece(text));
            case ToolEvent.CallStarted(_, var started) -> {
                name = started;
                arguments.setLength(0);
            }
            case ToolEvent.Arguments(_, var piece) -> arguments.append(piece);
            case ToolEvent.CallEnded _ -> lines.send(reply.piece(new ToolReply.Call(name, arguments.toString())));
            case ToolEvent.CallBroken(_, var text) -> lines.send(reply.piece(text));
        }
    }
}
