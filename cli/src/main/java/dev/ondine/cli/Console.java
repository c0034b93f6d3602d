package dev.ondine.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a command reads and writes: the process's streams, or a test's.
 *
 * @param environment of the process: {@code NO_COLOR}, {@code HOME}, ...
 */
record Console(InputStream in, Output out, Output err, boolean inputIsTerminal, boolean outputIsTerminal,
               boolean errorIsTerminal, Map<String, String> environment) {

    /** The process's own streams. */
    static Console ofProcess() {
        return new Console(System.in, new Output(new FileOutputStream(FileDescriptor.out)),
                new Output(new FileOutputStream(FileDescriptor.err)),
                isTerminal(0), isTerminal(1), isTerminal(2), System.getenv());
    }

    /** Linux tells of each stream; elsewhere the JVM tells of input and output together. */
    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null && System.console().isTerminal();
        }
    }

    /** Whether escape sequences may go to this stream. See <a href="https://no-color.org">no-color.org</a>. */
    boolean colours(boolean isTerminal) {
        return isTerminal && environment.getOrDefault("NO_COLOR", "").isEmpty() && !"dumb".equals(environment.get("TERM"));
    }

    /** One line of standard error. */
    void say(String line) {
        err.println(line);
        err.flush();
    }

    /** A line that tells of a choice made for the user. */
    void notice(String line) {
        say("note: " + line);
    }

    /** What a model says, without an end of line, shown at once. @return false once nobody reads any more */
    boolean stream(String text) {
        out.print(outputIsTerminal ? Display.harmless(text) : text);
        return !out.checkError();
    }

    void flush() {
        out.flush();
        err.flush();
    }
}
