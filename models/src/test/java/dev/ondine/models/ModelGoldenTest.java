package dev.ondine.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.files.GgufFile;
import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.ScalarKernels;
import dev.ondine.tensor.WorkerTeam;
import dev.ondine.testkit.SharedFiles;
import java.lang.foreign.Arena;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Every architecture against another implementation's logits and greedy tokens. */
class ModelGoldenTest {

    /** Of the largest absolute logit. */
    private static final double TOLERANCE = 1e-3;

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama-tied", "llama-rope3", "llama-yarn", "llama-linear-rope", "llama-bf16", "llama-f16",
            "mistral-swa", "qwen2", "qwen3", "gemma2", "gemma3"})
    void agreesWithTheReference(String name) {
        JsonNode goldens = SharedFiles.requireJson("fixtures/models/" + name + "/goldens.json");
        JsonNode prompts = goldens.has("prompts_as_llama_cpp_computes") ? goldens.get("prompts_as_llama_cpp_computes") : goldens.get("prompts");
        try (GgufFile file = GgufFile.open(SharedFiles.require("fixtures/models/" + name + "/model-f32.gguf"));
             WorkerTeam team = new WorkerTeam(2)) {
            check(file, new ScalarKernels(team), prompts);
        }
    }

    private static void check(GgufFile file, Kernels kernels, JsonNode prompts) {
        try (LoadedModel model = LoadedModel.of(file, kernels, 64);
             KvBlockPool pool = new KvBlockPool(model.facts().kvLayout(), 1 << 28);
             Arena arena = Arena.ofShared()) {
            Matrix logits = Matrix.allocate(arena, 1, model.facts().vocabSize());
            Batch batch = new Batch(64, model.facts().kvLayout());
            for (JsonNode prompt : prompts) {
                try (SequenceState sequence = pool.newSequence()) {
                    run(model, batch, sequence, ints(prompt.get("ids")), logits);
                    assertLogits(logits, prompt.get("logits_last"));
                    assertThat(greedy(model, batch, sequence, logits, prompt.get("greedy").size()))
                            .isEqualTo(ints(prompt.get("greedy")));
                }
            }
            assertThat(pool.usedBytes()).isZero();
        }
    }

    private static void run(Model model, Batch batch, SequenceState sequence, int[] tokens, Matrix logits) {
        for (int i = 0; i < tokens.length; i++) {
            batch.add(sequence, tokens[i], i == tokens.length - 1);
            if (batch.rows() == batch.capacity() || i == tokens.length - 1) {
                model.forward(batch, logits);
                batch.clear();
            }
        }
    }

    private static int[] greedy(Model model, Batch batch, SequenceState sequence, Matrix logits, int count) {
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++) {
            tokens[i] = argmax(logits);
            run(model, batch, sequence, new int[] {tokens[i]}, logits);
        }
        return tokens;
    }

    private static int argmax(Matrix logits) {
        int best = 0;
        for (int token = 1; token < logits.columns(); token++) {
            best = logits.get(0, token) > logits.get(0, best) ? token : best;
        }
        return best;
    }

    private static void assertLogits(Matrix logits, JsonNode expected) {
        double largest = 0;
        double worst = 0;
        for (int token = 0; token < logits.columns(); token++) {
            largest = Math.max(largest, Math.abs(expected.get(token).asDouble()));
            worst = Math.max(worst, Math.abs(expected.get(token).asDouble() - logits.get(0, token)));
        }
        if (Boolean.getBoolean("show")) System.out.println("worst " + worst / largest);
        assertThat(worst / largest).isLessThan(TOLERANCE);
    }

    private static int[] ints(JsonNode array) {
        return array.valueStream().mapToInt(JsonNode::asInt).toArray();
    }
}
