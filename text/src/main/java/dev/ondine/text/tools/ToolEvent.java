package dev.ondine.text.tools;

/** A part of what a model wrote: text, or a part of a tool call. Calls count from 0 and never overlap. */
public sealed interface ToolEvent {

    /** Text outside calls, never empty. */
    record Text(String text) implements ToolEvent { }

    /** A call begins. */
    record CallStarted(int index, String name) implements ToolEvent { }

    /** More of the arguments of the call that has begun; all pieces together are a JSON object. */
    record Arguments(int index, String jsonPiece) implements ToolEvent { }

    /** The call is whole. */
    record CallEnded(int index) implements ToolEvent { }

    /**
     * The call that has begun turns out to be none: its arguments are not JSON, or the text ends in them.
     *
     * @param text all that was written of it, its opening mark included, to show as text where the call was not passed on yet
     */
    record CallBroken(int index, String text) implements ToolEvent { }
}
