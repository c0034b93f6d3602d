package dev.ondine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

    @Test
    void printsItsVersion() {
        var outcome = Shell.run("--version");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).matches("ondine \\d+\\.\\d+\\.\\d+\\S* \\(Java 25.*\\)\\R");
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void listsAllCommandsInItsHelp() {
        var outcome = Shell.run("--help");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("run ", "chat ", "info ", "tokenize ", "template ", "logits ", "bench ", "synth ", "doctor ", "Examples:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "chat", "info", "tokenize", "template", "logits", "bench", "doctor"})
    void everyCommandHasHelpWithExamplesAndTheCommonOptions(String command) {
        var outcome = Shell.run(command, "--help");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).contains("Usage: ondine " + command, "Examples:", "  ondine " + command,
                "--model", "--threads", "--kernels", "auto, machine, ", "--context", "--kv", "--json");
    }

    @Test
    void showsHelpAsWrongUseWhereNoCommandIsGiven() {
        var outcome = Shell.run();

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("Usage: ondine COMMAND");
    }

    @Test
    void refusesAnUnknownCommandInOneLine() {
        Shell.run("frobnicate").failedWith(2, "frobnicate", "ondine --help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "chat", "info", "tokenize", "template", "logits", "bench", "synth", "doctor"})
    void refusesAnUnknownOptionInOneLine(String command) {
        Shell.run(command, "--frobnicate").failedWith(2, "--frobnicate", "ondine " + command + " --help");
    }

    @Test
    void refusesAnUnknownOptionBeforeTheCommand() {
        Shell.run("--frobnicate").failedWith(2, "--frobnicate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--threads", "--context"})
    void refusesNumbersBelowOne(String option) {
        Shell.run("run", option, "0", "Hello").failedWith(2, option, "0");
    }

    @Test
    void refusesUnknownKernels() {
        Shell.run("run", "--kernels", "quantum", "Hello").failedWith(2, "quantum", "SCALAR");
    }

    @Test
    void refusesUnknownFormatsOfTheContext() {
        Shell.run("run", "--kv", "q3", "Hello").failedWith(2, "--kv", "q3", "Q8_0");
    }

    @Test
    void saysInOneLineThatAFileIsMissing() {
        Shell.run("run", "-m", "no-such-model.gguf", "Hello").failedWith(1, "no-such-model.gguf", "check the path");
        Shell.run("template", "--messages", "no-such-file.json").failedWith(1, "no-such-file.json", "check the path");
    }
}
