package dev.ondine.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.files.GgufFile;
import dev.ondine.files.GgufWriter;
import dev.ondine.files.Metadata;
import dev.ondine.files.TensorSource;
import dev.ondine.kernels.VectorKernels;
import dev.ondine.kernels.machine.CodeMemoryException;
import dev.ondine.kernels.machine.Host;
import dev.ondine.kernels.machine.Isa;
import dev.ondine.kernels.machine.MachineKernels;
import dev.ondine.kernels.machine.Processor;
import dev.ondine.kernels.panel.PackedWeights;
import dev.ondine.kernels.panel.PackingListener;
import dev.ondine.kernels.panel.WeightMemory;
import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.ScalarKernels;
import dev.ondine.tensor.WorkerTeam;
import dev.ondine.testkit.SharedFiles;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Every architecture against another implementation's logits and greedy tokens. */
class ModelGoldenTest {

    /** Of the largest absolute logit, F32 weights and cache. */
    private static final double TOLERANCE = 1e-3;
    /** The same with keys and values in F16. */
    private static final double F16_CACHE_TOLERANCE = 5e-3;
    /** The same with activations rounded to eight bits, 32 at a time: these models are small, so little averages out; seen: 2.3e-2. */
    private static final double QUANTISED_ACTIVATIONS_TOLERANCE = 3e-2;

    private static final Host HOST = new Host(System.getProperty("os.name"), System.getProperty("os.arch"));
    private static final List<Isa> MACHINE = machineCode();

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama-tied", "llama-rope3", "llama-yarn", "llama-linear-rope", "llama-bf16", "llama-f16",
            "mistral-swa", "qwen2", "qwen3", "gemma2", "gemma3"})
    void agreesWithTheReference(String name) {
        JsonNode goldens = SharedFiles.requireJson("fixtures/models/" + name + "/goldens.json");
        JsonNode prompts = goldens.has("prompts_as_llama_cpp_computes") ? goldens.get("prompts_as_llama_cpp_computes") : goldens.get("prompts");
        check("fixtures/models/" + name + "/model-f32.gguf", prompts, TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K_S", "Q4_K_M", "Q5_K_M", "Q6_K", "IQ4_NL", "MXFP4"})
    void agreesWithTheReferenceOnDequantisedWeights(String format) {
        JsonNode goldens = SharedFiles.requireJson("fixtures/quant/goldens.json").get("files").get("model-" + format + ".gguf");
        check("fixtures/quant/model-" + format + ".gguf", goldens.get("prompts"), F16_CACHE_TOLERANCE);
    }

    /** A window that the file lacks turns the golden of the full model into that of the windowed one. */
    @Test
    void aLlamaFileWithAWindowIsAMistral(@TempDir Path folder) {
        JsonNode goldens = SharedFiles.requireJson("fixtures/models/mistral-swa/goldens.json");
        Path windowed = folder.resolve("windowed.gguf");
        try (GgufFile file = GgufFile.open(SharedFiles.require("fixtures/models/mistral-swa/model-f32.gguf"))) {
            Map<String, Object> metadata = new LinkedHashMap<>();
            file.metadata().keys().forEach(key -> metadata.put(key, file.metadata().typedValue(key)));
            metadata.put("llama.attention.sliding_window", 16);
            GgufWriter.STANDARD.write(windowed, Metadata.of("windowed.gguf", metadata), file.tensors().stream().map(TensorSource::of).toList());
        }
        check(windowed, goldens.get("prompts"), TOLERANCE);
    }

    private static void check(String file, JsonNode prompts, double tolerance) {
        check(SharedFiles.require(file), prompts, tolerance);
    }

    private static void check(Path path, JsonNode prompts, double tolerance) {
        try (WorkerTeam team = new WorkerTeam(2); GgufFile file = GgufFile.open(path)) {
            for (Kernels kernels : List.of(new ScalarKernels(team), new VectorKernels(team))) {
                check(file, kernels, prompts, tolerance);
            }
            for (Isa isa : MACHINE) {
                checkMachine(isa, file, team, prompts, tolerance);
            }
        }
    }

    private static void checkMachine(Isa isa, GgufFile file, WorkerTeam team, JsonNode prompts, double tolerance) {
        boolean plain = file.tensors().stream().allMatch(tensor -> tensor.format().blockElements() == 1);
        try (PackedWeights packed = PackedWeights.inMemory(LoadedModel.matrices(file), PackingListener.NONE, WeightMemory.PLAIN);
             MachineKernels kernels = new MachineKernels(isa, HOST, team, packed)) {
            check(file, kernels, prompts, plain ? tolerance : QUANTISED_ACTIVATIONS_TOLERANCE);
        }
    }

    /** The instruction sets of this machine; none where machine code does not run. */
    private static List<Isa> machineCode() {
        try {
            return Processor.of(HOST).isas();
        } catch (CodeMemoryException e) {
            System.out.println("without machine code: " + e.getMessage());
            return List.of();
        }
    }

    private static void check(GgufFile file, Kernels kernels, JsonNode prompts, double tolerance) {
        try (LoadedModel model = LoadedModel.of(file, kernels, 64);
             KvBlockPool pool = new KvBlockPool(model.facts().kvLayout(), 1 << 28);
             Arena arena = Arena.ofShared()) {
            Matrix logits = Matrix.allocate(arena, 1, model.facts().vocabSize());
            Batch batch = new Batch(64, model.facts().kvLayout());
            for (JsonNode prompt : prompts) {
                try (SequenceState sequence = pool.newSequence()) {
                    run(model, batch, sequence, ints(prompt.get("ids")), logits);
                    double worst = assertLogits(logits, prompt.get("logits_last"), tolerance);
                    int sure = sureSteps(prompt.get("margins"), worst);
                    assertThat(greedy(model, batch, sequence, logits, sure))
                            .isEqualTo(Arrays.copyOf(ints(prompt.get("greedy")), sure));
                }
            }
            assertThat(pool.usedBytes()).isZero();
        }
    }

    /** Greedy steps before the first whose two likeliest tokens lie closer than twice the error seen on both. */
    private static int sureSteps(JsonNode margins, double error) {
        int steps = 0;
        while (steps < margins.size() && margins.get(steps).asDouble() > 4 * error) {
            steps++;
        }
        return steps;
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

    /** @return the worst absolute difference */
    private static double assertLogits(Matrix logits, JsonNode expected, double tolerance) {
        double largest = 0;
        double worst = 0;
        for (int token = 0; token < logits.columns(); token++) {
            largest = Math.max(largest, Math.abs(expected.get(token).asDouble()));
            worst = Math.max(worst, Math.abs(expected.get(token).asDouble() - logits.get(0, token)));
        }
        assertThat(worst).as("worst difference %s of the largest logit", worst / largest).isLessThan(tolerance * largest);
        return worst;
    }

    private static int[] ints(JsonNode array) {
        return array.valueStream().mapToInt(JsonNode::asInt).toArray();
    }
}
