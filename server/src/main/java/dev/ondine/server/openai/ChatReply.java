package dev.ondine.server.openai;

import dev.ondine.api.Answer;
import dev.ondine.server.json.JsonText;
import dev.ondine.text.tools.ToolReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A chat completion as one object. */
final class ChatReply {

    private ChatReply() {
    }

    /** The object of all choices. @param tasks ids of the tasks that gave them */
    static Map<String, Object> of(Identity identity, boolean hasScores, TokenScores scores, List<Answer> answers, List<Long> tasks) {
        List<Map<String, Object>> choices = new ArrayList<>();
        for (Answer answer : answers) {
            choices.add(JsonText.map("index", choices.size(), "message", message(answer),
                    "logprobs", hasScores ? scores.chat(scores.shown(answer.scores())) : null,
                    "finish_reason", Usage.finishReason(answer)));
        }
        Map<String, Object> reply = JsonText.map("id", identity.id(), "object", "chat.completion", "created", identity.created(),
                "model", identity.model(), "choices", choices, "usage", Usage.of(answers, answers.subList(0, 1)),
                "system_fingerprint", identity.fingerprint());
        if (answers.size() == 1) {
            reply.put("task", tasks.getFirst());
            reply.put("timings", Usage.timings(answers.getFirst()));
        }
        return reply;
    }

    private static Map<String, Object> message(Answer answer) {
        boolean calls = !answer.toolCalls().isEmpty();
        Map<String, Object> message = JsonText.map("role", "assistant", "content", calls && answer.text().isBlank() ? null : answer.text(),
                "refusal", null);
        if (calls) {
            message.put("tool_calls", answer.toolCalls().stream().map(ChatReply::call).toList());
        }
        return message;
    }

    private static Map<String, Object> call(ToolReply.Call call) {
        return JsonText.map("id", Identity.fresh("call_"), "type", "function",
                "function", JsonText.map("name", call.name(), "arguments", call.arguments()));
    }
}
