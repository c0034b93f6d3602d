package dev.ondine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

class PackingProgressTest {

    @Test
    void progressIsOneLineThatGoesAway() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = Shell.console("", new ByteArrayOutputStream(), err, true);
        try (PackingProgress progress = new PackingProgress(console)) {
            progress.progress(1, 200);
            progress.progress(90, 200);
            progress.progress(91, 200);
        }
        assertThat(err).hasToString("\rpacking weights 0 %\rpacking weights 45 %\r                    \r");
    }

    @Test
    void progressIsSilentWithoutATerminal() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (PackingProgress progress = new PackingProgress(Shell.console("", new ByteArrayOutputStream(), err, false))) {
            progress.progress(1, 2);
            progress.notice("no room");
        }
        assertThat(err).hasToString("note: no room" + System.lineSeparator());
    }
}
