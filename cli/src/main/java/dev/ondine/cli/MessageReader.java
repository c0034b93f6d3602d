package dev.ondine.cli;

/** Puts the lines of a chat together to messages: {@code """} encloses several lines, a backslash at the end joins the next one. */
final class MessageReader {

    private static final String FENCE = "\"\"\"";

    private final Console console;
    private final LineSource lines;

    MessageReader(Console console, LineSource lines) {
        this.console = console;
        this.lines = lines;
    }

    /** The next message or command; null at the end, or once Ctrl-C is pressed twice with nothing typed. */
    String next() {
        boolean wasDropped = false;
        while (true) {
            try {
                String line = lines.next(false);
                return line == null ? null : whole(line);
            } catch (LineSource.LineDropped e) {
                if (wasDropped && e.wasEmpty()) {
                    return null;
                }
                wasDropped = e.wasEmpty();
                console.say(wasDropped ? "(Ctrl-C again or Ctrl-D leaves)" : "(line dropped)");
            }
        }
    }

    private String whole(String line) throws LineSource.LineDropped {
        return line.startsWith(FENCE) ? fenced(line.substring(FENCE.length())) : joined(line);
    }

    private String fenced(String first) throws LineSource.LineDropped {
        StringBuilder text = new StringBuilder();
        for (String line = first; line != null; line = lines.next(true)) {
            if (line.endsWith(FENCE)) {
                return text.append(line, 0, line.length() - FENCE.length()).toString().strip();
            }
            text.append(line).append('\n');
        }
        return text.toString().strip();
    }

    private String joined(String first) throws LineSource.LineDropped {
        StringBuilder text = new StringBuilder();
        String line = first;
        while (line != null && line.endsWith("\\")) {
            text.append(line, 0, line.length() - 1).append('\n');
            line = lines.next(true);
        }
        return line == null ? text.toString() : text.append(line).toString();
    }
}
