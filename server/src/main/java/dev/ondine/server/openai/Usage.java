package dev.ondine.server.openai;

import dev.ondine.api.Answer;
import dev.ondine.engine.FinishReason;
import dev.ondine.os.TaskResult.Timings;
import dev.ondine.server.json.JsonText;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What is told of answers beside their text: tokens, times and why they ended. */
final class Usage {

    private Usage() {
    }

    /** Tokens of answers to prompts. @param promptAnswers one answer to each prompt, because a prompt counts once */
    static Map<String, Object> of(List<Answer> answers, List<Answer> promptAnswers) {
        long prompt = promptAnswers.stream().mapToLong(Answer::promptTokens).sum();
        long cached = promptAnswers.stream().mapToLong(Answer::cachedPromptTokens).sum();
        long completion = answers.stream().mapToLong(Answer::answerTokens).sum();
        return JsonText.map("prompt_tokens", prompt, "completion_tokens", completion, "total_tokens", prompt + completion,
                "prompt_tokens_details", JsonText.map("cached_tokens", cached));
    }

    /** Times since the task was submitted, in milliseconds. */
    static Map<String, Object> timings(Answer answer) {
        Timings timings = answer.result().timings();
        return JsonText.map("queued_ms", millis(timings.queued()), "first_token_ms", millis(timings.firstToken()),
                "total_ms", millis(timings.total()), "compute_ms", millis(timings.compute()));
    }

    static String finishReason(Answer answer) {
        if (!answer.toolCalls().isEmpty()) {
            return "tool_calls";
        }
        return answer.finishReason() == FinishReason.STOP ? "stop" : "length";
    }

    private static double millis(Duration time) {
        return time.toNanos() / 1e6;
    }
}
