package dev.ondine.cli;

import dev.ondine.api.Answer;
import dev.ondine.api.OndineTask;
import dev.ondine.engine.FinishReason;
import dev.ondine.models.CapacityException;
import dev.ondine.os.TaskResult;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The loop of a chat: reads messages and commands, shows answers. */
final class Chat {

    private static final String HELP = """
            /help              show this
            /system TEXT       set the system message; without a text, take it away
            /set NAME VALUE    change temperature, top-k, top-p, min-p, seed, n, ...; alone, show them
            /show              show messages and settings
            /save FILE         write the conversation to a file
            /load FILE         go on with one that was saved
            /reset             forget the conversation
            /stats             show speed and memory
            /bye               leave, like Ctrl-D
            Three quotation marks open and close a message of several lines; a backslash at the end of a line joins the next.
            Ctrl-C stops an answer.""";

    private final Console console;
    private final LineSource lines;
    private final AnsweringModel model;
    private final Dialogue dialogue;
    private final AnswerSettings settings;
    private final boolean json;
    private Answer last;
    private boolean failed;
    private boolean unread;

    /** @param json answers are not shown; the whole conversation is, at the end */
    Chat(Console console, LineSource lines, AnsweringModel model, Dialogue dialogue, AnswerSettings settings, boolean json) {
        this.console = console;
        this.lines = lines;
        this.model = model;
        this.dialogue = dialogue;
        this.settings = settings;
        this.json = json;
    }

    /** Runs until the user leaves. @return false if something failed and nobody was there to see it */
    boolean run() {
        if (console.inputIsTerminal()) {
            console.say(model.name() + ", context of " + model.model().contextLength() + " tokens; /help for help, /bye to leave");
        }
        MessageReader messages = new MessageReader(console, lines);
        for (String message; !unread && (message = messages.next()) != null; ) {
            if (message.strip().equals("/bye")) {
                break;
            }
            handle(message);
        }
        if (json) {
            Json.print(console, Json.object("model", model.name(), "messages", dialogue.fields()));
        }
        return !failed || console.inputIsTerminal();
    }

    private void handle(String message) {
        try {
            if (message.startsWith("/") && message.indexOf('\n') < 0) {
                command(message.strip());
            } else if (!message.isBlank()) {
                answer(message);
            }
        } catch (CapacityException e) {
            fail("the conversation does not fit the context any more: " + e.getMessage() + "; /reset forgets it");
        } catch (RuntimeException e) {
            fail(Failures.describe(e));
        }
    }

    private void fail(String problem) {
        failed = true;
        console.flush();
        console.say(problem);
    }

    private void command(String line) {
        int space = line.indexOf(' ');
        String name = space < 0 ? line : line.substring(0, space);
        String argument = space < 0 ? "" : line.substring(space + 1).strip();
        switch (name) {
            case "/help" -> console.say(HELP);
            case "/system" -> dialogue.system(argument.isEmpty() ? null : argument);
            case "/set" -> set(argument);
            case "/show" -> show();
            case "/save" -> save(file(name, argument));
            case "/load" -> load(file(name, argument));
            case "/reset" -> dialogue.reset();
            case "/stats" -> statistics();
            default -> throw new IllegalArgumentException("there is no command " + name + "; /help shows all");
        }
    }

    private static Path file(String command, String argument) {
        if (argument.isEmpty()) {
            throw new IllegalArgumentException(command + " needs the name of a file");
        }
        return Path.of(argument);
    }

    private void set(String argument) {
        if (argument.isEmpty()) {
            console.say(settings.toString());
            return;
        }
        String[] words = argument.split("\\s+");
        if (words.length != 2) {
            throw new IllegalArgumentException("expected a name and a value, as in /set temperature 0.5");
        }
        settings.set(words[0], words[1]);
    }

    private void show() {
        dialogue.all().forEach(message -> console.say(Display.harmless(
                message.fields().get("role") + ": " + message.fields().get("content"))));
        console.say("model " + model.name() + ", " + contextUse() + ", " + settings);
    }

    private void save(Path file) {
        dialogue.save(file, model.name());
        console.say("saved " + dialogue.all().size() + " messages");
    }

    private void load(Path file) {
        dialogue.load(file);
        console.say("loaded " + dialogue.all().size() + " messages");
    }

    private void statistics() {
        console.say("loaded in %d ms, %s, %s of KV cache, kernels: %s".formatted(model.loadTime().toMillis(), contextUse(),
                Display.bytes(model.model().stats().kvUsedBytes()), model.model().kernels()));
        if (last != null) {
            TaskResult.Timings timings = last.result().timings();
            int read = last.promptTokens() - last.cachedPromptTokens();
            console.say("last answer: %d of %d prompt tokens read at %.1f tokens/s, %d generated at %.1f tokens/s".formatted(
                    read, last.promptTokens(), timings.promptTokensPerSecond(read),
                    last.answerTokens(), timings.tokensPerSecond(last.answerTokens())));
        }
    }

    private String contextUse() {
        return "context %d of %d".formatted(dialogue.tokens(), model.model().contextLength());
    }

    private void answer(String text) {
        AtomicReference<OndineTask> running = new AtomicReference<>();
        last = lines.interruptible(() -> Optional.ofNullable(running.get()).ifPresent(OndineTask::cancel),
                () -> dialogue.ask(text, settings, running::set, this::show));
        if (!json) {
            show("\n");
        }
        console.say(dim("[%d tokens, %.1f tokens/s, %s%s]".formatted(last.answerTokens(),
                last.result().timings().tokensPerSecond(last.answerTokens()), contextUse(),
                last.finishReason() == FinishReason.CANCELLED ? ", stopped" : "")));
        if (last.finishReason() == FinishReason.CONTEXT) {
            console.say("The context is full and the answer cut. /reset forgets the conversation, /save keeps it; "
                    + "-c at the start makes more room.");
        }
    }

    /** @return whether anybody reads it still */
    private boolean show(String piece) {
        unread |= !json && !console.stream(piece);
        return !unread;
    }

    private String dim(String text) {
        return console.colours(console.errorIsTerminal()) ? "\u001b[2m" + text + "\u001b[0m" : text;
    }
}
