package dev.ondine.server.anthropic;

import dev.ondine.server.chat.AnswerIds;
import dev.ondine.server.http.EventStream;
import dev.ondine.server.json.JsonText;
import dev.ondine.text.tools.ToolEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The events of a message that comes piece by piece: its content is a row of blocks, each begun, added to and ended.
 *
 * @see <a href="https://docs.anthropic.com/en/docs/build-with-claude/streaming">the order of events</a>
 */
final class MessageEvents {

    private final EventStream stream;
    private final MessageShape shape;
    private int block = -1;
    private boolean inText;
    private boolean inCall;
    private boolean called;

    MessageEvents(EventStream stream, MessageShape shape) {
        this.stream = stream;
        this.shape = shape;
    }

    void begin(int promptTokens) {
        send("message_start", "message", shape.message(List.of(), null, Optional.empty(), MessageShape.usage(promptTokens, 0, 0)));
    }

    /** Tells the client that the server is still there. */
    void ping() {
        stream.send("ping", Map.of("type", "ping"));
    }

    void add(ToolEvent event) {
        switch (event) {
            case ToolEvent.Text(var text) -> text(text);
            case ToolEvent.CallStarted(_, var name) -> {
                endBlock();
                beginBlock(MessageShape.toolUse("toolu_" + AnswerIds.next(), name, Map.of()));
                inCall = true;
                called = true;
                delta("input_json_delta", "partial_json", "");
            }
            case ToolEvent.Arguments(_, var piece) -> delta("input_json_delta", "partial_json", piece);
            case ToolEvent.CallEnded _ -> endBlock();
            case ToolEvent.CallBroken(_, var written) -> {
                if (inCall) {
                    endBlock();
                } else {
                    text(written);
                }
            }
        }
    }

    boolean called() {
        return called;
    }

    /** Ends the message. */
    void end(String stopReason, Optional<String> stopSequence, Map<String, Object> usage) {
        endBlock();
        Map<String, Object> delta = JsonText.map("stop_reason", stopReason, "stop_sequence", stopSequence.orElse(null));
        Map<String, Object> event = event("message_delta");
        event.put("delta", delta);
        event.put("usage", usage);
        stream.send("message_delta", event);
        stream.send("message_stop", event("message_stop"));
    }

    private void text(String text) {
        if (!inText) {
            endBlock();
            beginBlock(MessageShape.text(""));
            inText = true;
        }
        delta("text_delta", "text", text);
    }

    private void beginBlock(Map<String, Object> content) {
        block++;
        Map<String, Object> event = indexed("content_block_start");
        event.put("content_block", content);
        stream.send("content_block_start", event);
        if (block == 0) {
            ping();
        }
    }

    private void delta(String type, String name, String value) {
        Map<String, Object> delta = JsonText.map("type", type, name, value);
        Map<String, Object> event = indexed("content_block_delta");
        event.put("delta", delta);
        stream.send("content_block_delta", event);
    }

    private void endBlock() {
        if (inText || inCall) {
            stream.send("content_block_stop", indexed("content_block_stop"));
        }
        inText = false;
        inCall = false;
    }

    private void send(String type, String name, Object value) {
        Map<String, Object> event = event(type);
        event.put(name, value);
        stream.send(type, event);
    }

    private Map<String, Object> indexed(String type) {
        Map<String, Object> event = event(type);
        event.put("index", block);
        return event;
    }

    private static Map<String, Object> event(String type) {
        return JsonText.map("type", type);
    }
}
