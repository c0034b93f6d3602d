package dev.ondine.server.openai;

import dev.ondine.api.Answer;
import dev.ondine.api.TaskEvent;
import dev.ondine.engine.GeneratedToken;
import dev.ondine.server.http.EventStream;
import dev.ondine.server.json.JsonText;
import dev.ondine.server.task.TaskGroup;
import dev.ondine.text.tools.ToolEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A chat completion that is sent piece by piece. */
final class ChatStream {

    private final Identity identity;
    private final TokenScores scores;
    private final boolean hasScores;
    private final boolean countsLast;
    private final EventStream events;
    private final List<Choice> choices = new ArrayList<>();

    ChatStream(Identity identity, TokenScores scores, ChatRequest request, EventStream events) {
        this.identity = identity;
        this.scores = scores;
        this.hasScores = request.scores().isPresent();
        this.countsLast = request.delivery().countsLast();
        this.events = events;
    }

    /** Sends all that the tasks tell until their end. */
    void run(TaskGroup tasks) {
        for (int index = 0; index < tasks.tasks().size(); index++) {
            choices.add(new Choice(index));
            choices.get(index).send(JsonText.map("role", "assistant", "content", "", "refusal", null), null);
        }
        while (!tasks.isOver()) {
            TaskGroup.Told told = tasks.next();
            choices.get(told.task()).tell(told.event());
        }
        if (countsLast) {
            events.send(lastChunk(tasks));
        }
        events.text("[DONE]");
    }

    private Map<String, Object> lastChunk(TaskGroup tasks) {
        List<Answer> answers = choices.stream().map(choice -> choice.answer).toList();
        Map<String, Object> last = chunk(List.of());
        last.put("usage", Usage.of(answers, answers.subList(0, 1)));
        if (answers.size() == 1) {
            last.put("task", tasks.tasks().getFirst().id());
            last.put("timings", Usage.timings(answers.getFirst()));
        }
        return last;
    }

    private Map<String, Object> chunk(List<Map<String, Object>> pieces) {
        Map<String, Object> chunk = JsonText.map("id", identity.id(), "object", "chat.completion.chunk", "created", identity.created(),
                "model", identity.model(), "system_fingerprint", identity.fingerprint(), "choices", pieces);
        if (countsLast) {
            chunk.put("usage", null);
        }
        return chunk;
    }

    /** One of the answers. */
    private final class Choice {

        private final int index;
        private final List<GeneratedToken> unsent = new ArrayList<>();
        private final StringBuilder blank = new StringBuilder();
        private Answer answer;
        private int startedCalls;
        private String callName;

        Choice(int index) {
            this.index = index;
        }

        void tell(TaskEvent event) {
            switch (event) {
                // Asked without either, a task tells neither.
                case TaskEvent.PromptScores _, TaskEvent.Answered _ -> { }
                case TaskEvent.Token(var token, var parts) -> {
                    if (hasScores && scores.isShown(token)) {
                        unsent.add(token);
                    }
                    parts.forEach(this::tell);
                }
                case TaskEvent.Done(var parts, var whole) -> {
                    answer = whole;
                    parts.forEach(this::tell);
                    if (!blank.isEmpty() && startedCalls == 0) {
                        send(JsonText.map("content", blank.toString()), null);
                    }
                    send(JsonText.map(), Usage.finishReason(whole));
                }
            }
        }

        private void tell(ToolEvent part) {
            switch (part) {
                case ToolEvent.Text(var text) -> tellText(text);
                case ToolEvent.CallStarted(_, var name) -> callName = name;
                case ToolEvent.Arguments(_, var piece) -> tellArguments(piece);
                case ToolEvent.CallEnded _ -> callName = null;
                case ToolEvent.CallBroken(_, var written) -> {
                    if (callName != null) {
                        // Nobody was told of the call yet.
                        callName = null;
                        tellText(written);
                    }
                }
            }
        }

        /** Blank text waits for what follows: before a call it is none of the answer. */
        private void tellText(String text) {
            blank.append(text);
            if (!blank.toString().isBlank()) {
                send(JsonText.map("content", blank.toString()), null);
                blank.setLength(0);
            }
        }

        private void tellArguments(String piece) {
            blank.setLength(0);
            if (callName != null) {
                startedCalls++;
                sendCall(JsonText.map("index", startedCalls - 1, "id", Identity.fresh("call_"), "type", "function",
                        "function", JsonText.map("name", callName, "arguments", "")));
                callName = null;
            }
            sendCall(JsonText.map("index", startedCalls - 1, "function", JsonText.map("arguments", piece)));
        }

        private void sendCall(Map<String, Object> call) {
            send(JsonText.map("tool_calls", List.of(call)), null);
        }

        private void send(Map<String, Object> delta, String finishReason) {
            Map<String, Object> logprobs = unsent.isEmpty() ? null : scores.chat(List.copyOf(unsent));
            unsent.clear();
            events.send(chunk(List.of(JsonText.map("index", index, "delta", delta, "logprobs", logprobs, "finish_reason", finishReason))));
        }
    }
}
