package dev.ondine.explorer.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.files.GgufFile;
import dev.ondine.files.GgufWriter;
import dev.ondine.files.Metadata;
import dev.ondine.files.ModelFileException;
import dev.ondine.files.TensorSource;
import dev.ondine.pebble.Pebble;
import dev.ondine.roofline.shape.AttentionGroup;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.Role;
import dev.ondine.roofline.shape.StoredFormat;
import dev.ondine.roofline.shape.WeightGroup;
import dev.ondine.synth.SynthModel;
import dev.ondine.synth.SynthShape;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Shape;
import dev.ondine.tensor.Tensor;
import dev.ondine.tensor.WeightFormats;
import dev.ondine.tensor.WorkerTeam;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GgufShapeTest {

    private static final Precision AS_STORED = new Precision.AsStored();

    @TempDir
    private Path folder;

    private Path write(String architecture, String format, int layers, int window, boolean tied) {
        SynthShape shape = new SynthShape("small", architecture, layers, 256, 512, 4, 2, 64, 700, 512, window, 1e4f, 1e-5f, tied);
        Path file = folder.resolve("small.gguf");
        try (WorkerTeam team = new WorkerTeam(1)) {
            new SynthModel(shape, WeightFormats.named(format), 1).write(file, team);
        }
        return file;
    }

    private static long tensorBytes(Path path) {
        try (GgufFile file = GgufFile.open(path)) {
            return file.tensors().stream().mapToLong(tensor -> tensor.data().byteSize()).sum();
        }
    }

    private static long tensorElements(Path path) {
        try (GgufFile file = GgufFile.open(path)) {
            return file.tensors().stream().map(Tensor::shape).mapToLong(Shape::elements).sum();
        }
    }

    @ParameterizedTest
    @CsvSource({"llama, Q4_K_M, 8", "llama, Q8_0, 2", "qwen2, F16, 3", "qwen3, Q4_K_S, 9", "gemma2, Q5_K_M, 8", "gemma3, Q4_0, 6"})
    void countsEveryByteAndNumberOfTheFile(String architecture, String format, int layers) {
        Path file = write(architecture, format, layers, architecture.startsWith("gemma") ? 40 : 0, !architecture.startsWith("qwen"));
        ModelShape shape = ShapeFile.read(file);
        assertThat(AS_STORED.bytes(shape)).isEqualTo(tensorBytes(file));
        assertThat(shape.parameters()).isEqualTo(tensorElements(file));
        assertThat(shape.layers()).isEqualTo(layers);
        assertThat(shape.vocabSize()).isEqualTo(700);
        assertThat(shape.contextLength()).isEqualTo(512);
        assertThat(shape.kvElementsPerToken()).isEqualTo(layers * 2L * 2 * 64);
        assertThat(shape.weights()).extracting(WeightGroup::role).contains(architecture.startsWith("qwen") ? Role.OUTPUT : Role.TIED);
    }

    @Test
    void mixturesOfFormatsGiveSeveralGroupsThatBecomeOne() {
        Path file = write("llama", "Q4_K_M", 8, 0, true);
        ModelShape shape = ShapeFile.read(file);
        assertThat(shape.weights()).filteredOn(group -> group.kind().equals("attn_v")).hasSize(2);
        ModelShape merged = shape.withoutStoredFormats();
        assertThat(merged.weights()).filteredOn(group -> group.kind().equals("attn_v")).extracting(WeightGroup::copies).containsExactly(8);
        assertThat(merged.parameters()).isEqualTo(shape.parameters());
        assertThat(Precision.named("Q4_K_M").bytes(merged)).isEqualTo(AS_STORED.bytes(shape));
    }

    /** arXiv:2408.00118 and arXiv:2503.19786: every other layer, and five of six, see a window. */
    @ParameterizedTest
    @CsvSource({"mistral, 2, 0, 2", "gemma2, 5, 2, 3", "gemma3, 14, 2, 12", "qwen2, 3, 3, 0", "llama, 3, 0, 3"})
    void windowsFollowTheArchitecture(String architecture, int layers, int global, int windowed) {
        List<AttentionGroup> groups = ShapeFile.read(write(architecture, "F16", layers, 40, true)).attention();
        assertThat(groups.stream().filter(group -> group.window() == 0).mapToInt(AttentionGroup::layers).sum()).isEqualTo(global);
        assertThat(groups.stream().filter(group -> group.window() == 40).mapToInt(AttentionGroup::layers).sum()).isEqualTo(windowed);
    }

    @Test
    void readsTheEmbeddedModel() throws IOException {
        try (InputStream bytes = Pebble.open(); GgufFile file = GgufFile.read("pebble", bytes, Pebble.BYTES)) {
            ModelShape shape = ShapeFile.of(file);
            assertThat(AS_STORED.bytes(shape)).isEqualTo(file.tensors().stream().mapToLong(tensor -> tensor.data().byteSize()).sum());
            assertThat(shape.parameters() / 1e6).isBetween(5.0, 6.0);
            assertThat(shape.attention()).isNotEmpty();
        }
    }

    @Test
    void readsAllPartsOfASplitModel() {
        Path whole = write("llama", "Q8_0", 3, 0, false);
        ModelShape expected = ShapeFile.read(whole);
        try (GgufFile file = GgufFile.open(whole)) {
            List<Path> parts = GgufWriter.STANDARD.writeSplit(folder, "parts", 7, file.metadata(),
                    file.tensors().stream().map(TensorSource::of).toList());
            assertThat(parts).hasSizeGreaterThan(2);
            assertThat(ShapeFile.read(parts.get(1)).weights()).isEqualTo(expected.weights());
        }
    }

    private final Map<String, Object> metadata = new LinkedHashMap<>();
    private final List<TensorSource> tensors = new ArrayList<>();

    private void tensor(String name, NumberFormat format, long... sizes) {
        Shape shape = Shape.of(sizes);
        byte[] zeros = new byte[Math.toIntExact(format.bytes(shape.elements()))];
        tensors.add(new TensorSource(name, format, shape, () -> MemorySegment.ofArray(zeros)));
    }

    private Path written(String architecture) {
        metadata.put("general.architecture", architecture);
        metadata.putIfAbsent(architecture + ".block_count", 2);
        metadata.putIfAbsent(architecture + ".embedding_length", 64);
        tensor("token_embd.weight", NumberFormat.Q8_0, 100, 64);
        Path file = folder.resolve("made.gguf");
        GgufWriter.STANDARD.write(file, Metadata.of("made.gguf", metadata), tensors);
        return file;
    }

    @Test
    void expertsAreReadAsExperts() {
        metadata.put("llama.attention.head_count", 4);
        metadata.put("llama.expert_count", 8);
        metadata.put("llama.expert_used_count", 2);
        for (int layer = 0; layer < 2; layer++) {
            tensor("blk.%d.ffn_gate_inp.weight".formatted(layer), NumberFormat.F32, 8, 64);
            tensor("blk.%d.ffn_up_exps.weight".formatted(layer), NumberFormat.MXFP4, 8, 96, 64);
            tensor("blk.%d.ffn_up_exps.bias".formatted(layer), NumberFormat.F32, 8, 96);
        }
        Path file = written("llama");
        ModelShape shape = ShapeFile.read(file);
        assertThat(shape.experts()).isEqualTo(8);
        assertThat(shape.activeExperts()).isEqualTo(2);
        assertThat(shape.expertParameters()).isEqualTo(2L * 8 * (96 * 64 + 96));
        assertThat(AS_STORED.bytes(shape)).isEqualTo(tensorBytes(file));
        assertThat(shape.activeParameters()).isEqualTo(100 * 64 + 2 * (8 * 64) + 2L * 2 * (96 * 64 + 96));
    }

    @Test
    void latentAttentionAndHeadsByLayerAreRead() {
        metadata.put("deepseek2.attention.head_count", 16);
        metadata.put("deepseek2.attention.kv_lora_rank", 512);
        metadata.put("deepseek2.rope.dimension_count", 64);
        assertThat(ShapeFile.read(written("deepseek2")).attention()).containsExactly(new AttentionGroup(2, 16, 544, 576, 0));
    }

    @Test
    void layersWithoutKeysAreRecurrent() {
        metadata.put("jamba.block_count", 4);
        metadata.put("jamba.attention.head_count", 4);
        metadata.put("jamba.attention.head_count_kv", new int[] {0, 2, 0, 0});
        metadata.put("jamba.ssm.inner_size", 128);
        metadata.put("jamba.ssm.state_size", 16);
        metadata.put("jamba.ssm.conv_kernel", 4);
        ModelShape shape = ShapeFile.read(written("jamba"));
        assertThat(shape.attention()).containsExactly(new AttentionGroup(1, 4, 16, 64, 0));
        assertThat(StoredFormat.F16.bytes(shape.stateElements())).isEqualTo(3 * 128 * 20 * 2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "block_count; -3; llama.block_count is -3, expected 1 to 10000",
        "block_count; 1; tensor blk.1.ffn_norm.weight is of a layer that is not there: llama.block_count is 1",
        "embedding_length; 128; token_embd.weight is [100, 64], expected 128 columns (llama.embedding_length)",
        "attention.head_count; 1000000000; llama.attention.head_count is 1000000000, expected 0 to 16777216",
        "attention.head_count_kv; 3; llama.attention.head_count_kv is 3, expected a divisor of 4 heads",
        "attention.key_length; 0; llama.attention.key_length is 0, expected 1 to",
        "expert_count; 8; llama.expert_count is 8, but its tensors hold 0 experts"})
    void absurdFilesAreRefusedByFileAndKey(String key, int value, String message) {
        metadata.put("llama.attention.head_count", 4);
        metadata.put("llama." + key, value);
        tensor("blk.1.ffn_norm.weight", NumberFormat.F32, 64);
        Path file = written("llama");
        assertThatThrownBy(() -> ShapeFile.read(file)).isInstanceOf(ModelFileException.class)
                .hasMessageContaining("made.gguf: ").hasMessageContaining(message);
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("notes.txt"), "not a model at all, only words");
        assertThatThrownBy(() -> ShapeFile.read(file)).isInstanceOf(ModelFileException.class).hasMessageContaining("notes.txt");
        assertThatThrownBy(() -> ShapeFile.read(folder.resolve("nothing.gguf"))).isInstanceOf(ModelFileException.class);
    }
}
