package dev.ondine.text.tools;

import java.util.ArrayList;
import java.util.List;

/**
 * A whole answer of a model, taken apart.
 *
 * @param text  what it says besides calls
 * @param calls in order
 */
public record ToolReply(String text, List<Call> calls) {

    public ToolReply {
        calls = List.copyOf(calls);
    }

    /**
     * One tool call.
     *
     * @param arguments a JSON object, as the model wrote it
     */
    public record Call(String name, String arguments) { }

    /** The answer that these events tell of; broken calls become text. */
    public static ToolReply of(List<ToolEvent> events) {
        StringBuilder text = new StringBuilder();
        StringBuilder arguments = new StringBuilder();
        List<Call> calls = new ArrayList<>();
        String name = null;
        for (ToolEvent event : events) {
            switch (event) {
                case ToolEvent.Text(String piece) -> text.append(piece);
                case ToolEvent.CallStarted(_, String started) -> {
                    name = started;
                    arguments.setLength(0);
                }
                case ToolEvent.Arguments(_, String piece) -> arguments.append(piece);
                case ToolEvent.CallEnded(_) -> calls.add(new Call(name, arguments.toString()));
                case ToolEvent.CallBroken(_, String written) -> text.append(written);
            }
        }
        return new ToolReply(text.toString(), calls);
    }
}
