package dev.ondine.server.ollama;

import dev.ondine.api.Answer;
import dev.ondine.os.TaskResult;
import dev.ondine.server.chat.AnswerIds;
import dev.ondine.server.json.JsonText;
import dev.ondine.text.tools.ToolReply;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The JSON of an answer and of its pieces.
 *
 * @param model  as the client called it
 * @param isChat whether the text is a message's content, else it is a response
 */
record OllamaReply(String model, boolean isChat) {

    /** A piece of the text. */
    Map<String, Object> piece(String text) {
        return reply(text, List.of(), false);
    }

    /** A call of a tool. */
    Map<String, Object> piece(ToolReply.Call call) {
        return reply("", List.of(call), false);
    }

    /** The end of an answer, with what was not told yet. @param loading that the model needed before */
    Map<String, Object> end(String text, List<ToolReply.Call> calls, Answer answer, Duration loading) {
        Map<String, Object> reply = reply(text, calls, true);
        reply.put("done_reason", switch (answer.finishReason()) {
            case LENGTH, CONTEXT, BUDGET -> "length";
            case STOP, CANCELLED, FAILED -> "stop";
        });
        TaskResult.Timings times = answer.result().timings();
        reply.put("total_duration", loading.plus(times.total()).toNanos());
        reply.put("load_duration", loading.toNanos());
        reply.put("prompt_eval_count", answer.promptTokens());
        reply.put("prompt_eval_duration", times.firstToken().minus(times.queued()).toNanos());
        reply.put("eval_count", answer.answerTokens());
        reply.put("eval_duration", times.total().minus(times.firstToken()).toNanos());
        return reply;
    }

    /** The answer to a request that asks nothing. @param reason {@code load} or {@code unload} */
    Map<String, Object> nothing(String reason) {
        Map<String, Object> reply = reply("", List.of(), true);
        reply.put("done_reason", reason);
        return reply;
    }

    private Map<String, Object> reply(String text, List<ToolReply.Call> calls, boolean isDone) {
        Map<String, Object> reply = JsonText.map("model", model, "created_at", Instant.now().toString());
        if (isChat) {
            reply.put("message", message(text, calls));
        } else {
            reply.put("response", text);
        }
        reply.put("done", isDone);
        return reply;
    }

    private static Map<String, Object> message(String text, List<ToolReply.Call> calls) {
        Map<String, Object> message = JsonText.map("role", "assistant", "content", text);
        if (!calls.isEmpty()) {
            message.put("tool_calls", calls.stream().map(OllamaReply::call).toList());
        }
        return message;
    }

    private static Map<String, Object> call(ToolReply.Call call) {
        Map<String, Object> function = JsonText.map("name", call.name(),
                "arguments", JsonText.read(call.arguments(), "the arguments of a call"));
        return JsonText.map("id", "call_" + AnswerIds.next(), "function", function);
    }
}
