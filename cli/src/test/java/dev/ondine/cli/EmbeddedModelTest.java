package dev.ondine.cli;

import static dev.ondine.cli.Shell.ints;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The embedded model against PyTorch's greedy continuations of the same weights; needs nothing outside the project. */
class EmbeddedModelTest {

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "vector"})
    void answersAsItsTrainerDoes(String kernels) throws IOException {
        for (JsonNode golden : goldens()) {
            var json = Shell.run("run", "--kernels", kernels, "--raw", "--special", "-n", "48", "--json",
                    golden.get("prompt").stringValue()).json();

            assertThat(ints(json.get("prompt_tokens"))).isEqualTo(ints(golden.get("prompt_ids")));
            assertThat(ints(json.get("tokens"))).isEqualTo(ints(golden.get("greedy_ids")));
            assertThat(json.get("text").stringValue()).isEqualTo(golden.get("greedy_text").stringValue());
        }
    }

    /** Half the context's memory costs a little precision: the first words stay the same. */
    @ParameterizedTest
    @ValueSource(strings = {"scalar", "vector", "auto"})
    void answersAlikeFromAQuantisedContext(String kernels) throws IOException {
        for (JsonNode golden : goldens()) {
            var json = Shell.run("run", "--kernels", kernels, "--kv", "q8_0", "--raw", "--special", "-n", "8", "--json",
                    golden.get("prompt").stringValue()).json();

            assertThat(ints(json.get("tokens"))).isEqualTo(ints(golden.get("greedy_ids")).subList(0, 8));
        }
    }

    private static JsonNode goldens() throws IOException {
        try (InputStream resource = EmbeddedModelTest.class.getResourceAsStream("pebble-goldens.json")) {
            return new JsonMapper().readTree(resource).get("goldens");
        }
    }
}
