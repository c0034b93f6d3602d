package dev.ondine.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Lines that a person types, with editing and a history that outlives the program. */
final class TerminalLines implements LineSource {

    private static final int HISTORY_LINES = 1_000;

    private final Terminal terminal;
    private final LineReader reader;
    private final String prompt;
    private final String continuation;

    /** @param history file of the lines typed before, which each new line is added to; made where it is missing, null for none */
    TerminalLines(Path history, boolean colours) {
        try {
            terminal = TerminalBuilder.builder().system(true).encoding(StandardCharsets.UTF_8).build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // A chat message is not a shell command: no escapes, no quotes, no history expansion.
        DefaultParser parser = new DefaultParser().escapeChars(null).quoteChars(new char[0]);
        reader = LineReaderBuilder.builder().terminal(terminal).parser(parser)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .variable(LineReader.HISTORY_FILE, history)
                .variable(LineReader.HISTORY_SIZE, HISTORY_LINES)
                .variable(LineReader.HISTORY_FILE_SIZE, HISTORY_LINES)
                .build();
        prompt = colours ? "\u001b[1;36m>\u001b[0m " : "> ";
        continuation = colours ? "\u001b[1;36m.\u001b[0m " : ". ";
    }

    @Override
    public String next(boolean isContinued) throws LineDropped {
        try {
            return reader.readLine(isContinued ? continuation : prompt);
        } catch (UserInterruptException e) {
            throw new LineDropped(e.getPartialLine().isEmpty());
        } catch (EndOfFileException e) {
            return null;
        }
    }

    @Override
    public <T> T interruptible(Runnable onInterrupt, Supplier<T> work) {
        Terminal.SignalHandler before = terminal.handle(Terminal.Signal.INT, _ -> onInterrupt.run());
        try {
            return work.get();
        } finally {
            terminal.handle(Terminal.Signal.INT, before);
        }
    }

    @Override
    public void close() {
        try {
            terminal.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
