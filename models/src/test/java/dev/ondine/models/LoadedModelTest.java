package dev.ondine.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.files.GgufFile;
import dev.ondine.files.GgufWriter;
import dev.ondine.files.Metadata;
import dev.ondine.files.ModelFileException;
import dev.ondine.files.TensorSource;
import dev.ondine.fixtures.RandomModel;
import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.ScalarKernels;
import dev.ondine.tensor.Shape;
import dev.ondine.tensor.Tensor;
import dev.ondine.tensor.WorkerTeam;
import dev.ondine.testkit.SharedFiles;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Whole files that hold no model, each refused for a reason before its weights are used. */
class LoadedModelTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            missing-block-count.gguf | metadata key llama.block_count is missing
            missing-tensor.gguf      | tensor blk.0.attn_output.weight
            head-count-zero.gguf     | llama.attention.head_count is 0, expected 1 to
            """)
    void refusesModelsOfTheCatalogueOfBrokenFiles(String name, String problem) {
        assertRefused(SharedFiles.require("fixtures/malformed/" + name), name + ": ", problem);
    }

    @Test
    void refusesAnArchitectureThatItDoesNotKnow() {
        assertRefused((metadata, _) -> metadata.put("general.architecture", "martian"),
                "architecture \"martian\" is unknown, expected one of llama, mistral, qwen2, qwen3, gemma2, gemma3");
    }

    @Test
    void refusesATensorThatTheArchitectureDoesNotAskFor() {
        assertRefused((_, tensors) -> tensors.add(zeros("blk.0.attn_q.bias", 256)),
                "tensor blk.0.attn_q.bias is not part of architecture llama");
    }

    @Test
    void refusesATensorOfAnotherShape() {
        assertRefused((_, tensors) -> tensors.replaceAll(tensor -> tensor.name().equals("output_norm.weight")
                ? zeros("output_norm.weight", 128) : tensor), "tensor output_norm.weight is [128], expected [256]");
    }

    @Test
    void refusesHeadsThatDoNotDivideAmongThoseOfTheCache() {
        assertRefused((metadata, _) -> metadata.put("llama.attention.head_count_kv", 3),
                "llama.attention.head_count_kv is 3, expected a divisor of 4 heads");
    }

    @Test
    void refusesHeadsWiderThanAnyModel() {
        assertRefused((metadata, _) -> {
            metadata.put("llama.attention.key_length", 1 << 23);
            metadata.put("llama.attention.value_length", 1 << 23);
        }, "llama.attention.key_length is 8388608, expected 1 to 4194304");
    }

    @Test
    void refusesAScalingOfPositionsThatItDoesNotKnow() {
        assertRefused((metadata, _) -> metadata.put("llama.rope.scaling.type", "spiral"),
                "llama.rope.scaling.type is \"spiral\", expected none, linear or yarn");
    }

    @Test
    void keepsKeysAndValuesInTheChosenFormat() {
        Path path = RandomModel.tiny("llama", NumberFormat.Q8_0).write(folder.resolve("model.gguf"));
        try (GgufFile file = GgufFile.open(path); WorkerTeam team = new WorkerTeam(1);
                LoadedModel usual = LoadedModel.of(file, new ScalarKernels(team), 1);
                LoadedModel small = LoadedModel.of(file, new ScalarKernels(team), 1, Optional.of(NumberFormat.Q8_0))) {
            assertThat(usual.facts().kvLayout().layer(0).format()).isEqualTo(NumberFormat.F16);
            assertThat(small.facts().kvLayout().layer(0).format()).isEqualTo(NumberFormat.Q8_0);
            assertThatThrownBy(() -> LoadedModel.of(file, new ScalarKernels(team), 1, Optional.of(NumberFormat.Q4_K)))
                    .isInstanceOf(ModelFileException.class).hasMessageContaining("its heads are 64 wide");
        }
    }

    @ParameterizedTest
    @FieldSource("dev.ondine.fixtures.RandomModel#ARCHITECTURES")
    void asksKernelsForEachMatrixOnceAndForNothingElse(String architecture) {
        List<Tensor> asked = new ArrayList<>();
        try (GgufFile file = GgufFile.open(RandomModel.tiny(architecture, NumberFormat.Q8_0).write(folder.resolve("model.gguf")));
                WorkerTeam team = new WorkerTeam(1); LoadedModel model = LoadedModel.of(file, recording(team, asked), 1)) {
            assertThat(model.facts().vocabSize()).isPositive();
            assertThat(asked).isNotEmpty().containsExactlyInAnyOrderElementsOf(LoadedModel.matrices(file));
        }
    }

    /** Kernels that write down which weights they are asked for. */
    private static Kernels recording(WorkerTeam team, List<Tensor> asked) {
        Kernels scalar = new ScalarKernels(team);
        return (Kernels) Proxy.newProxyInstance(Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (_, method, arguments) -> {
            if (method.getName().equals("weight")) {
                asked.add((Tensor) arguments[0]);
            }
            return method.invoke(scalar, arguments);
        });
    }

    private void assertRefused(BiConsumer<Map<String, Object>, List<TensorSource>> change, String problem) {
        Path whole = RandomModel.tiny("llama", NumberFormat.Q8_0).write(folder.resolve("whole.gguf"));
        Path changed = folder.resolve("changed.gguf");
        try (GgufFile file = GgufFile.open(whole)) {
            Map<String, Object> metadata = new LinkedHashMap<>();
            file.metadata().keys().forEach(key -> metadata.put(key, file.metadata().typedValue(key)));
            List<TensorSource> tensors = new ArrayList<>(file.tensors().stream().map(TensorSource::of).toList());
            change.accept(metadata, tensors);
            GgufWriter.STANDARD.write(changed, Metadata.of("changed.gguf", metadata), tensors);
        }
        assertRefused(changed, "changed.gguf: ", problem);
    }

    private static void assertRefused(Path path, String start, String problem) {
        try (GgufFile file = GgufFile.open(path); WorkerTeam team = new WorkerTeam(1)) {
            assertThatThrownBy(() -> LoadedModel.of(file, new ScalarKernels(team), 1)).isInstanceOf(ModelFileException.class)
                    .hasMessageStartingWith(start).hasMessageContaining(problem);
        }
    }

    private static TensorSource zeros(String name, int size) {
        return new TensorSource(name, NumberFormat.F32, Shape.of(size), () -> MemorySegment.ofArray(new byte[size * Float.BYTES]));
    }
}
