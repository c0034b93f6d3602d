package dev.ondine.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Lines from a pipe or a file, in UTF-8; shows no prompt. */
final class PipedLines implements LineSource {

    private final BufferedReader reader;

    PipedLines(InputStream in) {
        reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    @Override
    public String next(boolean isContinued) {
        try {
            return reader.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ctrl-C ends the process, as it does other filters. */
    @Override
    public <T> T interruptible(Runnable onInterrupt, Supplier<T> work) {
        return work.get();
    }

    @Override
    public void close() {
        // The stream belongs to the process.
    }
}
