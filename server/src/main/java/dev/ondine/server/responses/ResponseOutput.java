package dev.ondine.server.responses;

import dev.ondine.server.chat.ChatTurns;
import dev.ondine.server.json.JsonText;
import dev.ondine.text.tools.ToolEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The output of a response as it grows: messages and calls in a row, each of which is begun, added to and ended. What happens is told
 * as events.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/responses-streaming">the events</a>
 */
final class ResponseOutput {

    /** Takes events. */
    @FunctionalInterface
    interface Sink {

        /** @param fields without type and number */
        void send(String type, Map<String, Object> fields);
    }

    private enum Kind { MESSAGE, CALL }

    private final Sink sink;
    private final Supplier<String> ids;
    private final List<Map<String, Object>> items = new ArrayList<>();
    private final List<ChatTurns.Call> calls = new ArrayList<>();
    private final StringBuilder said = new StringBuilder();
    private final StringBuilder part = new StringBuilder();
    /** What is being written; null between items. */
    private Kind open;
    private String callId;
    private String callName;

    /** @param ids gives a new one each time */
    ResponseOutput(Sink sink, Supplier<String> ids) {
        this.sink = sink;
        this.ids = ids;
    }

    /** The items so far; the last one may not be complete. */
    List<Map<String, Object>> items() {
        return List.copyOf(items);
    }

    /** What was said besides calls. */
    String said() {
        return said.toString();
    }

    /** Calls that are complete. */
    List<ChatTurns.Call> calls() {
        return List.copyOf(calls);
    }

    void add(ToolEvent event) {
        switch (event) {
            case ToolEvent.Text(var text) -> text(text);
            case ToolEvent.CallStarted(_, var name) -> {
                end(true);
                beginCall(name);
            }
            case ToolEvent.Arguments(_, var piece) -> {
                part.append(piece);
                send("response.function_call_arguments.delta", fields("delta", piece));
            }
            case ToolEvent.CallEnded _ -> end(true);
            case ToolEvent.CallBroken(_, var written) -> {
                if (open == Kind.CALL) {
                    said.append(written);
                    end(false);
                } else {
                    text(written);
                }
            }
        }
    }

    /** Ends what is being written. @param isComplete whether nothing is missing */
    void end(boolean isComplete) {
        if (open == Kind.MESSAGE) {
            endMessage(isComplete);
        } else if (open == Kind.CALL) {
            endCall(isComplete);
        }
        open = null;
        part.setLength(0);
    }

    private void text(String text) {
        if (open != Kind.MESSAGE) {
            end(true);
            open = Kind.MESSAGE;
            begin(ResponseItems.message("msg_" + ids.get(), List.of(), "in_progress"));
            send("response.content_part.added", withPart(fields("content_index", 0), ""));
        }
        part.append(text);
        said.append(text);
        Map<String, Object> fields = fields("content_index", 0);
        fields.put("delta", text);
        fields.put("logprobs", List.of());
        send("response.output_text.delta", fields);
    }

    private void endMessage(boolean isComplete) {
        Map<String, Object> done = fields("content_index", 0);
        done.put("text", part.toString());
        done.put("logprobs", List.of());
        send("response.output_text.done", done);
        send("response.content_part.done", withPart(fields("content_index", 0), part.toString()));
        finish(ResponseItems.message(id(), List.of(ResponseItems.outputText(part.toString())), status(isComplete)));
    }

    private void beginCall(String name) {
        open = Kind.CALL;
        callId = "call_" + ids.get();
        callName = name;
        begin(ResponseItems.call("fc_" + ids.get(), callId, name, "", "in_progress"));
    }

    private void endCall(boolean isComplete) {
        String arguments = part.toString();
        if (isComplete) {
            Map<String, Object> fields = fields("arguments", arguments);
            fields.put("name", callName);
            send("response.function_call_arguments.done", fields);
            calls.add(new ChatTurns.Call(callId, callName, arguments));
        }
        finish(ResponseItems.call(id(), callId, callName, arguments, status(isComplete)));
    }

    private void begin(Map<String, Object> item) {
        items.add(item);
        sendItem("response.output_item.added", item);
    }

    private void finish(Map<String, Object> item) {
        items.set(items.size() - 1, item);
        sendItem("response.output_item.done", item);
    }

    private void sendItem(String type, Map<String, Object> item) {
        Map<String, Object> fields = JsonText.map("output_index", items.size() - 1, "item", item);
        sink.send(type, fields);
    }

    private void send(String type, Map<String, Object> fields) {
        Map<String, Object> all = JsonText.map("item_id", id(), "output_index", items.size() - 1);
        all.putAll(fields);
        sink.send(type, all);
    }

    private String id() {
        return (String) items.getLast().get("id");
    }

    private static String status(boolean isComplete) {
        return isComplete ? "completed" : "incomplete";
    }

    private static Map<String, Object> withPart(Map<String, Object> fields, String text) {
        fields.put("part", ResponseItems.outputText(text));
        return fields;
    }

    private static Map<String, Object> fields(String name, Object value) {
        return JsonText.map(name, value);
    }
}
