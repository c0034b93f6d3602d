package dev.ondine.cli;

import java.nio.file.Path;

/**
 * Where the system keeps what programs remember from one run to the next.
 *
 * @see <a href="https://specifications.freedesktop.org/basedir-spec/latest/">XDG base directories</a>
 */
final class StateHome {

    private StateHome() {
    }

    static Path of(Console console) {
        String home = console.environment().getOrDefault("HOME", System.getProperty("user.home"));
        Path state = Path.of(console.environment().getOrDefault("XDG_STATE_HOME", ""));
        return (state.isAbsolute() ? state : Path.of(home, ".local", "state")).resolve("ondine");
    }
}
