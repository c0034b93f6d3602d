package dev.ondine.cli;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Text in UTF-8, whatever the locale says: JSON and model text have no other encoding. Remembers why it could not be written. */
final class Output extends PrintStream {

    private final Watched bytes;

    Output(OutputStream bytes) {
        this(new Watched(bytes));
    }

    private Output(Watched bytes) {
        super(new BufferedOutputStream(bytes), false, StandardCharsets.UTF_8);
        this.bytes = bytes;
    }

    /** Why something is lost, or null. A reader that has seen enough, as {@code head} has, loses nothing. */
    String loss() {
        flush();
        String problem = bytes.failure == null ? null : String.valueOf(bytes.failure.getMessage());
        return problem == null || problem.toLowerCase(Locale.ROOT).contains("pipe") ? null : problem;
    }

    /** Keeps the first failure, which a print stream would drop. */
    private static final class Watched extends FilterOutputStream {

        private IOException failure;

        Watched(OutputStream bytes) {
            super(bytes);
        }

        @Override
        public void write(byte[] source, int from, int length) throws IOException {
            try {
                out.write(source, from, length);
            } catch (IOException e) {
                failure = failure == null ? e : failure;
                throw e;
            }
        }
    }
}
