package dev.ondine.explorer.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.files.GgufFile;
import dev.ondine.files.ModelFileException;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.testkit.SharedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reference models that exist as GGUF, as safetensors and as config.json, each made by others' converters. */
class SameModelTest {

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama-tied", "llama-f16", "llama-bf16", "mixtral", "qwen2", "qwen3", "qwen3moe", "qwen2moe", "gemma2",
        "gemma3", "phi3", "gpt-oss", "mamba", "gpt2", "gptneox", "granite", "smollm3", "olmo2", "olmoe"})
    void isTheSameInEveryForm(String model) {
        ModelShape gguf = ShapeFile.read(SharedFiles.require("fixtures/models/" + model + "/model-f32.gguf"));
        Path folder = SharedFiles.require("fixtures/models/" + model + "/hf");
        ModelShape told = ShapeFile.read(folder.resolve("config.json"));
        ModelShape stored = ShapeFile.read(folder);
        assertThat(told.parameters()).isEqualTo(stored.parameters());
        // Converters drop and add some vectors: factors of rotation, biases of zero.
        assertThat((double) gguf.parameters()).isCloseTo(told.parameters(), within(0.01 * told.parameters()));
        assertThat(gguf.kvElementsPerToken()).isEqualTo(told.kvElementsPerToken());
        assertThat(gguf.stateElements()).isEqualTo(told.stateElements());
        assertThat(gguf.activeExperts()).isEqualTo(told.activeExperts());
        assertThat(gguf.experts()).isEqualTo(stored.experts()).isEqualTo(told.experts());
        assertThat(gguf.kvElements(1000)).isEqualTo(told.kvElements(1000));
        assertThat(new Precision.AsStored().bytes(stored)).isPositive();
    }

    /** RWKV 6 and 7, Mamba 2 and BERT among them. */
    @Test
    void everyReferenceFileIsCountedToTheByte() throws IOException {
        try (Stream<Path> found = Files.walk(SharedFiles.require("fixtures/models"))) {
            List<Path> files = found.filter(file -> file.toString().endsWith(".gguf")).toList();
            assertThat(files).hasSizeGreaterThan(20).allSatisfy(path -> {
                try (GgufFile file = GgufFile.open(path)) {
                    ModelShape shape = ShapeFile.of(file);
                    assertThat(new Precision.AsStored().bytes(shape)).as(path.toString())
                            .isEqualTo(file.tensors().stream().mapToDouble(tensor -> tensor.data().byteSize()).sum());
                    assertThat(shape.stateElements() > 0 || !shape.attention().isEmpty()).as(path.toString()).isTrue();
                }
            });
        }
    }

    @Test
    void malformedFilesAreRefusedInOneWay() throws IOException {
        try (Stream<Path> found = Files.walk(SharedFiles.require("fixtures/malformed"))) {
            List<Path> files = found.filter(Files::isRegularFile).filter(file -> file.toString().endsWith(".gguf")).toList();
            assertThat(files).isNotEmpty().allSatisfy(file -> assertThatCode(() -> {
                try {
                    ShapeFile.read(file);
                } catch (ModelFileException refused) {
                    assertThat(refused).hasMessageContaining(refused.file());
                }
            }).as(file.toString()).doesNotThrowAnyException());
        }
    }
}
