package dev.ondine.api;

import dev.ondine.engine.FinishReason;
import dev.ondine.engine.GeneratedToken;
import dev.ondine.os.TaskResult;
import dev.ondine.text.tools.ToolReply;
import java.util.List;

/**
 * What a task gave.
 *
 * @param text         without tool calls, control tokens and a stop string
 * @param toolCalls    in order; empty where no tools were offered
 * @param scores       of its tokens, where they were asked for
 * @param promptScores of the prompt's tokens, where they were asked for; the first one has none
 * @param result       tokens, counts and times
 */
public record Answer(String text, List<ToolReply.Call> toolCalls, List<GeneratedToken> scores, List<GeneratedToken> promptScores,
                     TaskResult result) {

    public Answer {
        toolCalls = List.copyOf(toolCalls);
        scores = List.copyOf(scores);
        promptScores = List.copyOf(promptScores);
    }

    public FinishReason finishReason() {
        return result.finishReason();
    }

    /** This. @throws TaskFailedException if the task failed */
    public Answer orThrow() {
        if (finishReason() == FinishReason.FAILED) {
            throw new TaskFailedException(this);
        }
        return this;
    }

    public int promptTokens() {
        return result.promptTokens();
    }

    /** Tokens of the prompt that need not be computed, because another task had done so. */
    public int cachedPromptTokens() {
        return result.cachedPromptTokens();
    }

    /** Tokens of the answer, the one that ended it included. */
    public int answerTokens() {
        return result.tokens().length;
    }

    /** Why it failed; empty if it did not. */
    public String problem() {
        return result.problem();
    }
}
