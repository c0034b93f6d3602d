package dev.ondine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FailuresTest {

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Failures failures = new Failures(Shell.console("", new ByteArrayOutputStream(), err, false));

    @Test
    void saysWhatToDoAboutFiles() {
        assertThat(Failures.describe(new UncheckedIOException(new NoSuchFileException("a.json")))).isEqualTo("a.json: there is no such file; check the path");
        assertThat(Failures.describe(new AccessDeniedException("a.json"))).contains("a.json", "permissions");
    }

    @Test
    void keepsTheMessageOfABugToOneLine() {
        assertThat(failures.fail(new IllegalStateException("first\nsecond \u001b[31mred"), false)).isEqualTo(1);

        assertThat(err.toString(StandardCharsets.UTF_8).lines()).hasSize(1)
                .first().asString().contains("first second", "--stacktrace").doesNotContain("\u001b");
    }

    @Test
    void showsTheStackOnlyWhenAsked() {
        failures.fail(new IllegalStateException("bug"), true);

        assertThat(err.toString(StandardCharsets.UTF_8)).contains("at dev.ondine.cli.FailuresTest");
    }

    @Test
    void tellsOfMemoryThatRanOut() {
        assertThat(Failures.describe(new OutOfMemoryError("heap"))).contains("out of memory", "-c");
    }
}
