package dev.ondine.api;

import dev.ondine.engine.GeneratedToken;
import dev.ondine.text.tools.ToolEvent;
import java.util.List;

/** What a task tells while it runs. */
public sealed interface TaskEvent {

    /** @param tokens of the prompt with their scores; the first one of a prompt has none */
    record PromptScores(List<GeneratedToken> tokens) implements TaskEvent { }

    /** A further token. @param parts text and tool calls that became certain with it; often none, sometimes several */
    record Token(GeneratedToken token, List<ToolEvent> parts) implements TaskEvent { }

    /** The answer is whole and the task waits to be continued, see {@link TaskBuilder#goesOn}. @param parts held back until now */
    record Answered(List<ToolEvent> parts) implements TaskEvent { }

    /** The last event. @param parts that were held back until now */
    record Done(List<ToolEvent> parts, Answer answer) implements TaskEvent { }
}
