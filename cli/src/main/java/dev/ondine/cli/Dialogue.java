package dev.ondine.cli;

import dev.ondine.api.PromptFormat;
import dev.ondine.engine.Completion;
import dev.ondine.engine.FinishReason;
import dev.ondine.engine.GenerationOptions;
import dev.ondine.engine.Generator;
import dev.ondine.engine.Sequence;
import dev.ondine.text.template.Message;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Messages between a user and a model. What the model has read stays in its cache, so each turn reads only what is new. */
final class Dialogue implements AutoCloseable {

    private final PromptFormat format;
    private final Generator generator;
    private final Sequence sequence;
    private final List<Message> messages = new ArrayList<>();
    private String system;

    Dialogue(OpenedModel model, PromptFormat format) {
        this.format = format;
        this.generator = new Generator(model.runner(), model.tokenizer());
        this.sequence = new Sequence(model.runner());
    }

    /** Sets the system message; null for none. */
    void system(String text) {
        system = text;
    }

    /** Tokens that the conversation takes of the context. */
    int tokens() {
        return sequence.length();
    }

    /** Forgets all messages but the system message. */
    void reset() {
        messages.clear();
        sequence.clear();
    }

    /**
     * Adds a message and the model's answer. After a failure the conversation is as before.
     *
     * @throws dev.ondine.models.CapacityException if the conversation does not fit the context any more
     */
    Completion ask(String text, GenerationOptions options, Consumer<String> onText, BooleanSupplier cancelled) {
        List<Message> asked = all();
        asked.add(Message.user(text));
        Completion answer = generator.generate(sequence, format.prompt(asked), options, onText, cancelled);
        if (answer.tokens().length > 0 || answer.finishReason() != FinishReason.CANCELLED) {
            messages.add(Message.user(text));
            messages.add(Message.assistant(answer.text()));
        }
        return answer;
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

    @Override
    public void close() {
        sequence.close();
    }
}
