package dev.ondine.server.ollama;

import dev.ondine.api.LocalModel;
import dev.ondine.api.TaskBuilder;
import dev.ondine.server.chat.TaskDesk;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.http.Exchange;
import dev.ondine.server.json.FieldValue;
import dev.ondine.server.json.JsonFields;
import dev.ondine.server.task.KeepAlive;
import dev.ondine.server.task.TaskFailures;
import dev.ondine.server.task.TermsFields;
import dev.ondine.server.task.ToolFields;
import dev.ondine.text.template.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * A request for an answer, read whole.
 *
 * @param task         that answers it; empty if nothing is asked and the model is only to come or to go
 * @param tellsContext whether the answer ends with all tokens, so that the client can go on after them
 * @param keepAlive    how long the model is to stay
 */
record OllamaRequest(OllamaReply reply, LocalModel model, Optional<TaskBuilder> task, boolean tellsContext, boolean isStreamed,
                     Optional<KeepAlive> keepAlive) {

    /** Reads a request for a chat. */
    static OllamaRequest chat(Exchange exchange, TaskDesk desk) {
        JsonFields body = exchange.json();
        LocalModel model = OllamaNames.find(body, desk.models());
        TaskBuilder task = desk.task(model);
        List<Message> messages = OllamaTurns.of(body.list("messages"));
        task.messages(messages).tools(ToolFields.of(body));
        return whole(exchange, body, model, Optional.of(task).filter(_ -> !messages.isEmpty()), true, false);
    }

    /** Reads a request for a completion. */
    static OllamaRequest completion(Exchange exchange, TaskDesk desk) {
        JsonFields body = exchange.json();
        LocalModel model = OllamaNames.find(body, desk.models());
        String prompt = body.text("prompt").orElse("");
        Optional<TaskBuilder> task = prompt.isEmpty() ? Optional.empty() : Optional.of(desk.task(model));
        OllamaTurns.refuseImages(body);
        body.allowOnly("suffix", "models here write at the end of a text alone", "");
        body.allowOnly("template", "the model's own template is used; with raw, write the whole prompt yourself", "");
        Optional<String> system = body.text("system").filter(text -> !text.isEmpty());
        List<FieldValue> context = body.list("context");
        if (body.flag("raw").orElse(false)) {
            if (system.isPresent() || !context.isEmpty()) {
                throw ApiFailure.unsupported("raw", "raw is not supported together with system or context; write them into the prompt");
            }
            task.ifPresent(raw -> raw.prompt(prompt, true));
            return whole(exchange, body, model, task, false, false);
        }
        List<Message> messages = new ArrayList<>();
        system.ifPresent(text -> messages.add(Message.system(text)));
        messages.add(Message.user(prompt));
        task.ifPresent(asked -> ask(asked, context, model, messages));
        return whole(exchange, body, model, task, false, true);
    }

    private static OllamaRequest whole(Exchange exchange, JsonFields body, LocalModel model, Optional<TaskBuilder> task, boolean isChat,
                                       boolean tellsContext) {
        OptionalLong most = task.isEmpty() ? OptionalLong.empty() : OllamaOptions.read(body, model, task.get());
        body.value("format").ifPresent(format -> task.ifPresent(asked -> form(format, asked)));
        task.ifPresent(asked -> asked.terms(TermsFields.of(exchange, body, most)));
        Optional<KeepAlive> keepAlive = KeepAlive.of(body);
        boolean isStreamed = body.flag("stream").orElse(true);
        body.allowOnly("think", "models here do not think aloud", false);
        body.allowOnly("logprobs", "ask /v1/chat/completions for log probabilities", false);
        body.allowOnly("top_logprobs", "ask /v1/chat/completions for log probabilities", 0);
        body.allow("options").refuseOthers();
        return new OllamaRequest(new OllamaReply(OllamaNames.given(body), isChat), model, task, tellsContext, isStreamed, keepAlive);
    }

    private static void form(FieldValue format, TaskBuilder task) {
        if (format.isObject()) {
            Map<String, Object> schema = ToolFields.schema(format);
            TaskFailures.translated(() -> task.schema(schema));
        } else if (format.choice(Map.of("json", true, "", false))) {
            task.jsonObject();
        }
    }

    private static void ask(TaskBuilder task, List<FieldValue> context, LocalModel model, List<Message> messages) {
        if (context.isEmpty()) {
            task.messages(messages);
        } else {
            int[] before = context.stream().mapToInt(value -> (int) value.whole(0, Integer.MAX_VALUE)).toArray();
            model.format().stops().forEach(task.prompt(after(before, model, messages))::stop);
        }
    }

    /** The tokens of messages after those of an earlier exchange. */
    private static int[] after(int[] before, LocalModel model, List<Message> messages) {
        int[] next = model.format().prompt(messages);
        int from = next[0] == before[0] && model.tokenizer().vocabulary().addsBegin() ? 1 : 0;
        return IntStream.concat(IntStream.of(before), IntStream.of(next).skip(from)).toArray();
    }
}
