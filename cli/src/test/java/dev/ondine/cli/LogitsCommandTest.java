package dev.ondine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.testkit.SharedFiles;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class LogitsCommandTest {

    @Test
    void printsOneNumberForEachToken() {
        var json = Shell.run("logits", "--tokens", "2808,283,198", "--json").json();

        assertThat(json.propertyNames()).containsExactly("logits");
        assertThat(json.get("logits")).hasSize(3072);
        assertThat(json.get("logits").valueStream()).allMatch(JsonNode::isNumber);
    }

    @Test
    void printsEnoughDigitsToGetTheSameNumberBack() {
        String out = Shell.run("logits", "--tokens", "2808", "--json").out();
        String first = out.substring(out.indexOf('[') + 1, out.indexOf(','));

        assertThat(Float.toString(Float.parseFloat(first))).isEqualTo(first);
    }

    @Test
    void listsTheHighestForPeople() {
        assertThat(Shell.run("logits", "--tokens", "2808,283,198").out().lines()).hasSize(10);
    }

    @Test
    void refusesWhatIsNoTokenOrDoesNotFit() {
        Shell.run("logits").failedWith(2, "--tokens");
        Shell.run("logits", "--tokens", "3072").failedWith(1, "3072", "3071");
        Shell.run("logits", "--tokens", "1,2,3", "-c", "2").failedWith(1, "the context holds 2", "-c");
    }

    @Test
    void writesNullForWhatIsNoFiniteNumber() {
        String model = SharedFiles.require("fixtures/malformed/nan-weights.gguf").toString();

        assertThat(Shell.run("logits", "-m", model, "--tokens", "1,2", "--json").json().get("logits").valueStream()).allMatch(JsonNode::isNull);
    }

    @Test
    void agreesWithTheReference() {
        JsonNode prompt = SharedFiles.requireJson("fixtures/models/llama/goldens.json").get("prompts").get(0);
        String model = SharedFiles.require("fixtures/models/llama/model-f32.gguf").toString();

        List<Double> logits = Shell.run("logits", "-m", model, "--tokens", Shell.joined(prompt.get("ids")), "--json").json()
                .get("logits").valueStream().map(JsonNode::doubleValue).toList();

        List<Double> expected = prompt.get("logits_last").valueStream().map(JsonNode::doubleValue).toList();
        assertThat(logits).hasSameSizeAs(expected);
        for (int token = 0; token < logits.size(); token++) {
            assertThat(logits.get(token)).as("token %d", token).isCloseTo(expected.get(token), org.assertj.core.data.Offset.offset(1e-3));
        }
    }
}
