package dev.ondine.cli;

import dev.ondine.api.Answer;
import dev.ondine.api.OndineTask;
import dev.ondine.api.TaskBuilder;
import dev.ondine.engine.FinishReason;
import dev.ondine.text.template.Message;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Messages between a user and a model. Each turn is a task; the kernel's cache of prefixes sees to it that it reads only what is new. */
final class Dialogue {

    private final AnsweringModel model;
    private final List<Message> messages = new ArrayList<>();
    private String system;
    private int tokens;

    Dialogue(AnsweringModel model) {
        this.model = model;
    }

    /** Sets the system message; null for none. */
    void system(String text) {
        system = text;
    }

    /** Tokens that the conversation takes of the context. */
    int tokens() {
        return tokens;
    }

    /** Forgets all messages but the system message. */
    void reset() {
        messages.clear();
        tokens = 0;
    }

    /**
     * Adds a message and the model's answer. After a failure the conversation is as before.
     *
     * @param started gets the task that answers, to cancel it
     * @param show    gets the text piece by piece; says whether anybody reads it still
     * @throws dev.ondine.models.CapacityException if the conversation does not fit the context any more
     */
    Answer ask(String text, AnswerSettings settings, Consumer<OndineTask> started, Predicate<String> show) {
        TaskBuilder described = model.task().messages(all()).user(text);
        settings.applyTo(described);
        try (OndineTask task = described.start()) {
            started.accept(task);
            Answer answer = AnsweringModel.read(task, show);
            tokens = answer.promptTokens() + answer.answerTokens();
            if (answer.answerTokens() > 0 || answer.finishReason() != FinishReason.CANCELLED) {
                messages.add(Message.user(text));
                messages.add(Message.assistant(answer.text()));
            }
            return answer;
        }
    }

    /** All messages, the system message first. */
    List<Message> all() {
        List<Message> all = new ArrayList<>();
        if (system != null) {
            all.add(Message.system(system));
        }
        all.addAll(messages);
        return all;
    }

    /** All messages as JSON has them. */
    List<?> fields() {
        return all().stream().map(Message::fields).toList();
    }

    void save(Path file, String model) {
        Json.write(file, Json.object("model", model, "messages", fields()));
    }

    /** Takes over a saved conversation. @throws IllegalArgumentException if the file does not hold one */
    void load(Path file) {
        if (!(Json.object(file).get("messages") instanceof List<?> saved)) {
            throw new IllegalArgumentException(file + ": found no messages, expected a conversation that /save wrote");
        }
        List<Message> loaded = new ArrayList<>();
        for (Object message : saved) {
            loaded.add(checked(file, message));
        }
        boolean hasSystem = !loaded.isEmpty() && "system".equals(loaded.getFirst().fields().get("role"));
        system = hasSystem ? (String) loaded.removeFirst().fields().get("content") : null;
        reset();
        messages.addAll(loaded);
    }

    private static Message checked(Path file, Object message) {
        if (message instanceof Map<?, ?> map && map.get("role") instanceof String role && map.get("content") instanceof String content) {
            return new Message(role, content);
        }
        throw new IllegalArgumentException(file + ": found a message without role or content, expected a conversation that /save wrote");
    }
}
