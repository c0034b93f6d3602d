package dev.ondine.cli;

import static dev.ondine.cli.Shell.ints;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.testkit.SharedFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Whole commands against what the reference implementations say. */
class ReferenceModelsTest {

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama-tied", "llama-yarn", "qwen2", "qwen3", "gemma2", "gemma3"})
    void continuesTokenIdsAsTheReferenceDoes(String model) {
        String file = SharedFiles.require("fixtures/models/" + model + "/model-f32.gguf").toString();
        for (JsonNode prompt : SharedFiles.requireJson("fixtures/models/" + model + "/goldens.json").get("prompts")) {
            var json = Shell.run("run", "-m", file, "--prompt-tokens", Shell.joined(prompt.get("ids")), "--temperature", "0",
                    "-n", "24", "--json").json();

            assertThat(ints(json.get("prompt_tokens"))).isEqualTo(ints(prompt.get("ids")));
            // Generation stops at an end token, the reference goes on.
            assertThat(ints(prompt.get("greedy"))).startsWith(ints(json.get("tokens")).toArray(Integer[]::new));
        }
    }

    @Test
    void theTrainedModelAnswersAsItsReferenceDoes() {
        String file = SharedFiles.require("models/pebble-f16.gguf").toString();
        for (JsonNode golden : SharedFiles.requireJson("models/goldens.json").get("goldens")) {
            var json = Shell.run("run", "-m", file, "--raw", "--special", "--temperature", "0", "-n", "48", "--json",
                    golden.get("prompt").stringValue()).json();

            assertThat(ints(json.get("prompt_tokens"))).isEqualTo(ints(golden.get("prompt_ids")));
            assertThat(ints(json.get("tokens"))).isEqualTo(ints(golden.get("greedy_ids")));
        }
    }

    @Test
    void refusesEveryBrokenFileInOneLine() {
        JsonNode files = SharedFiles.requireJson("fixtures/malformed/malformed.json");
        for (var entry : files.properties()) {
            String name = entry.getKey();
            if (name.endsWith(".gguf") && entry.getValue().get("expect").stringValue().startsWith("refuse")) {
                Shell.run("run", "-m", SharedFiles.require("fixtures/malformed/" + name).toString(), "Hi").failedWith(1, name + ": ");
            }
        }
    }
}
