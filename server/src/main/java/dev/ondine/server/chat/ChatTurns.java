package dev.ondine.server.chat;

import dev.ondine.api.ToolMessages;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.json.JsonText;
import dev.ondine.text.template.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A conversation in the form that chat templates expect, put together turn by turn from what an API sends. */
public final class ChatTurns {

    private final List<Message> turns = new ArrayList<>();
    private final Map<String, String> toolNames = new HashMap<>();

    /**
     * A call of a tool that the assistant has made.
     *
     * @param arguments a JSON object
     */
    public record Call(String id, String name, String arguments) {
    }

    /** A conversation without turns. */
    public ChatTurns() {
    }

    /** A conversation that goes on after others' turns. */
    public ChatTurns(List<Message> before) {
        before.forEach(this::add);
    }

    /** The turns so far. */
    public List<Message> all() {
        return List.copyOf(turns);
    }

    /** What the assistant is told to be. */
    public void system(String text) {
        turns.add(Message.system(text));
    }

    /** What the user says. */
    public void user(String text) {
        turns.add(Message.user(text));
    }

    /** What the user says, as a part of the turn before if that is the user's. */
    public void userGoesOn(String text) {
        Map<String, ?> last = turns.isEmpty() ? Map.of() : turns.getLast().fields();
        if ("user".equals(last.get("role"))) {
            turns.removeLast();
            turns.add(Message.user(last.get("content") + "\n" + text));
        } else {
            user(text);
        }
    }

    /** What the assistant said, and the tools that it called. */
    public void assistant(String text, List<Call> calls) {
        add(calls.isEmpty() ? Message.assistant(text) : ToolMessages.calls(text, calls.stream().map(ChatTurns::made).toList()));
    }

    /** What a tool gave. @throws ApiFailure if no call before has this id */
    public void result(String callId, String text, String path) {
        String name = toolNames.get(callId);
        if (name == null) {
            throw ApiFailure.parameter(path, path + " is \"" + callId + "\", but no call before has this id");
        }
        namedResult(callId, name, text);
    }

    /** What the tool of a name gave. */
    public void namedResult(String callId, String name, String text) {
        turns.add(ToolMessages.result(callId, name, text));
    }

    private static ToolMessages.MadeCall made(Call call) {
        return new ToolMessages.MadeCall(call.id(), call.name(), JsonText.fields(call.arguments(), "the arguments of a call"));
    }

    private void add(Message turn) {
        turns.add(turn);
        if (turn.fields().get("tool_calls") instanceof List<?> calls) {
            for (Object call : calls) {
                Map<?, ?> fields = (Map<?, ?>) call;
                toolNames.put((String) fields.get("id"), (String) ((Map<?, ?>) fields.get("function")).get("name"));
            }
        }
    }
}
