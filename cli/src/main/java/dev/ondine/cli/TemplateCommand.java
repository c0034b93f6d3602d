package dev.ondine.cli;

import dev.ondine.api.PromptFormat;
import dev.ondine.files.GgufFile;
import dev.ondine.text.Tokenizer;
import dev.ondine.text.template.ChatTemplate;
import dev.ondine.text.template.Conversation;
import dev.ondine.text.template.Message;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Renders a chat template. */
@Command(name = "template", header = "Show the prompt that a chat template makes of messages.", footerHeading = "%nExamples:%n", footer = {
    "  ondine template --messages messages.json --add-generation-prompt",
    "  ondine template -m model.gguf --messages messages.json --tools tools.json --json",
    "  ondine template --template chat.jinja --messages messages.json --variables variables.json"})
final class TemplateCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private CommonOptions options;

    @Option(names = "--template", paramLabel = "FILE", description = "Jinja file (default: the template of the model).")
    private Path template;

    @Option(names = "--messages", paramLabel = "FILE", description = "JSON array of messages with role and content (required).")
    private Path messages;

    @Option(names = "--tools", paramLabel = "FILE", description = "JSON array of tools that the model may call.")
    private Path tools;

    @Option(names = "--add-generation-prompt", description = "End with the beginning of an answer.")
    private boolean addGenerationPrompt;

    @Option(names = "--variables", paramLabel = "FILE",
            description = "JSON object of further variables of the template; now fixes its clock, for example \"2025-01-31T12:00:00\".")
    private Path variables;

    TemplateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        options.require("--messages", messages);
        Map<String, Object> given = variables == null ? new LinkedHashMap<>() : Json.object(variables);
        Clock clock = clock(given.remove("now"));
        List<Message> turns = new ArrayList<>();
        for (Object message : Json.array(messages)) {
            turns.add(message(message));
        }
        List<Object> functions = tools == null ? null : Json.array(tools);
        String text = template().render(new Conversation(turns, functions, null, addGenerationPrompt, given), clock);
        if (options.json()) {
            Json.print(console, Json.object("text", text));
        } else {
            console.out().print(text);
        }
        return ExitCode.DONE;
    }

    private ChatTemplate template() {
        if (template != null && !options.isEmbedded()) {
            throw options.wrongUse("expected either --template or --model");
        }
        if (template != null) {
            return ChatTemplate.of(InputFile.text(template.toString(), console), null, null);
        }
        try (GgufFile file = options.openFile()) {
            return PromptFormat.template(file.metadata(), Tokenizer.of(file.metadata()).vocabulary());
        }
    }

    private Message message(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException(messages
                    + ": found a message that is no JSON object, expected objects with role and content");
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        map.forEach((name, field) -> fields.put((String) name, field));
        return new Message(fields);
    }

    /** Stands at the time that the variables say, in ISO 8601 without a zone, or runs. */
    private Clock clock(Object now) {
        if (now == null) {
            return Clock.systemDefaultZone();
        }
        try {
            return Clock.fixed(LocalDateTime.parse(now.toString()).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("%s: now is %s, expected a time like 2025-01-31T12:00:00".formatted(variables, now), e);
        }
    }
}
