package dev.ondine.cli;

import static dev.ondine.cli.Shell.ints;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class TokenizeCommandTest {

    @TempDir
    private Path folder;

    @Test
    void printsTheContractsJson() {
        var json = Shell.run("tokenize", "Hello,", "--json").json();

        assertThat(json.propertyNames()).containsExactly("tokens", "pieces");
        assertThat(ints(json.get("tokens"))).containsExactly(39, 1983, 11);
        assertThat(json.get("pieces").valueStream().map(JsonNode::stringValue)).containsExactly("H", "ello", ",");
    }

    @Test
    void readsEveryByteOfAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("text"), "Hello,\n");

        assertThat(ints(Shell.run("tokenize", "--file", file.toString(), "--json").json().get("tokens"))).containsExactly(39, 1983, 11, 198);
        assertThat(ints(Shell.runWithInput("Hello,\n", "tokenize", "--file", "-", "--json").json().get("tokens"))).containsExactly(39, 1983, 11, 198);
    }

    @Test
    void parsesSpecialTokensOnlyWhenAsked() {
        assertThat(ints(Shell.run("tokenize", "<|im_end|>", "--json").json().get("tokens"))).doesNotContain(2809);
        assertThat(ints(Shell.run("tokenize", "--special", "<|im_end|>", "--json").json().get("tokens"))).containsExactly(2809);
    }

    @Test
    void addsNoBeginTokenUnlessAsked() {
        Path file = PebbleVariant.write(folder.resolve("begins.gguf"), Map.of("tokenizer.ggml.add_bos_token", true));

        assertThat(ints(Shell.run("tokenize", "-m", file.toString(), "Hello,", "--json").json().get("tokens"))).containsExactly(39, 1983, 11);
        assertThat(ints(Shell.run("tokenize", "-m", file.toString(), "--add-bos", "Hello,", "--json").json().get("tokens"))).startsWith(2807, 39);
    }

    @Test
    void givesAnEmptyTextNoTokens() {
        assertThat(Shell.run("tokenize", "", "--json").json().get("tokens")).isEmpty();
    }

    @Test
    void listsTokensForPeople() {
        assertThat(Shell.run("tokenize", "Hello\n").out()).isEqualToNormalizingNewlines("     39  \"H\"\n   1983  \"ello\"\n    198  \"\\n\"\n");
    }

    @Test
    void wantsExactlyOneText() {
        Shell.run("tokenize").failedWith(2, "--file");
        Shell.run("tokenize", "--file", "x", "text").failedWith(2, "--file");
    }
}
