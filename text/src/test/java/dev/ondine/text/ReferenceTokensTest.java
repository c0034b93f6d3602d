package dev.ondine.text;

import static dev.ondine.text.SharedTokenizers.ids;
import static dev.ondine.text.SharedTokenizers.list;
import static dev.ondine.text.SharedTokenizers.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.files.ModelFileException;
import dev.ondine.testkit.SharedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ReferenceTokensTest {

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "llama-spm", "starcoder", "deepseek-coder"})
    void publishedVectorsMatchToTheLastToken(String name) throws IOException {
        String path = "fixtures/tokenizers/ggml-vocab-" + name + ".gguf";
        Tokenizer tokenizer = read(path);
        String[] texts = Files.readString(SharedFiles.require(path + ".inp")).split("\n__ggml_vocab_test__\n", -1);
        String[] expected = Files.readString(SharedFiles.require(path + ".out")).split("\n", -1);
        assertThat(texts).hasSize(47).hasSameSizeAs(expected);
        for (int i = 0; i < texts.length; i++) {
            int[] ids = Arrays.stream(expected[i].split(" ")).filter(id -> !id.isEmpty()).mapToInt(Integer::parseInt).toArray();
            assertThat(tokenizer.encode(texts[i], false)).as("text %d: %s", i, texts[i]).isEqualTo(ids);
            assertThat(tokenizer.decode(ids)).isEqualTo(texts[i]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama-tied", "llama-rope3", "llama-yarn", "llama-linear-rope", "llama-bf16", "llama-f16",
            "mistral-swa", "qwen2", "qwen3", "gemma2", "gemma3"})
    void awkwardTextsOfModelsMatch(String model) {
        Tokenizer tokenizer = read("fixtures/models/" + model + "/model-f32.gguf");
        List<JsonNode> cases = list(SharedFiles.requireJson("fixtures/models/" + model + "/goldens.json").get("tokenization"));
        assertThat(cases).hasSizeGreaterThan(20);
        for (JsonNode each : cases) {
            String text = each.get("text").asString();
            assertThat(tokenizer.encodePrompt(text, true)).as("text: %s", text).isEqualTo(ids(each.get("ids")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama-tied", "llama-bf16", "qwen2", "gemma2"})
    void awkwardTextsOfModelsComeBack(String model) {
        Tokenizer tokenizer = read("fixtures/models/" + model + "/model-f32.gguf");
        for (JsonNode each : list(SharedFiles.requireJson("fixtures/models/" + model + "/goldens.json").get("tokenization"))) {
            String text = each.get("text").asString();
            String expected = switch (model) {
                case "qwen2" -> Normalizer.normalize(text, Normalizer.Form.NFC);
                case "llama", "gemma2" -> text.replace('▁', ' ');
                default -> text;
            };
            assertThat(tokenizer.decode(tokenizer.encodePrompt(text, false))).isEqualTo(expected);
        }
    }

    @Test
    void promptsOfTheTrainedModelMatch() {
        Tokenizer tokenizer = read("models/pebble-f16.gguf");
        JsonNode goldens = SharedFiles.requireJson("models/goldens.json");
        for (JsonNode each : list(goldens.get("goldens"))) {
            String text = each.get("prompt").asString();
            assertThat(tokenizer.encodePrompt(text, true)).as("prompt: %s", text).isEqualTo(ids(each.get("prompt_ids")));
        }
    }

    @Test
    void refusesAVocabularyOfAnotherKind() {
        String path = "fixtures/tokenizers/ggml-vocab-bert-bge.gguf";
        SharedFiles.require(path);
        assertThatThrownBy(() -> read(path))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("ggml-vocab-bert-bge.gguf: tokenizer.ggml.model is bert, expected gpt2");
    }
}
