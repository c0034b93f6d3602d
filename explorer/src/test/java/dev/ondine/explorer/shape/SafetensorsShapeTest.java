package dev.ondine.explorer.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.files.ModelFileException;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.Role;
import dev.ondine.roofline.shape.WeightGroup;
import dev.ondine.tensor.NumberFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsShapeTest {

    private static final String CONFIG = """
            {"model_type":"%s","hidden_size":64,"num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,
            "intermediate_size":96,"vocab_size":100,"tie_word_embeddings":true,"num_local_experts":4,"num_experts_per_tok":2}""";

    @TempDir
    private Path folder;

    private final Map<String, String> lines = new LinkedHashMap<>();
    private long dataBytes;

    private void tensor(String name, String type, int elementBytes, long... sizes) {
        long bytes = elementBytes;
        StringBuilder shape = new StringBuilder();
        for (long size : sizes) {
            bytes *= size;
            shape.append(shape.isEmpty() ? "" : ",").append(size);
        }
        lines.put(name, "{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%d,%d]}".formatted(type, shape, dataBytes, dataBytes + bytes));
        dataBytes += bytes;
    }

    private Path write(String file) throws IOException {
        StringBuilder header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
        lines.forEach((name, line) -> header.append(",\"").append(name).append("\":").append(line));
        Path path = write(file, header.append("}").toString(), (int) dataBytes);
        lines.clear();
        dataBytes = 0;
        return path;
    }

    private Path write(String file, String header, int data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json);
        return Files.write(folder.resolve(file), bytes.array());
    }

    private void config(String type) throws IOException {
        Files.writeString(folder.resolve("config.json"), CONFIG.formatted(type));
    }

    private void layer(int layer, String type, int bytes) {
        String prefix = "model.layers." + layer + ".";
        tensor(prefix + "self_attn.q_proj.weight", type, bytes, 64, 64);
        tensor(prefix + "self_attn.k_proj.weight", type, bytes, 32, 64);
        tensor(prefix + "self_attn.v_proj.weight", type, bytes, 32, 64);
        tensor(prefix + "self_attn.o_proj.weight", type, bytes, 64, 64);
        tensor(prefix + "mlp.gate_proj.weight", type, bytes, 96, 64);
        tensor(prefix + "mlp.up_proj.weight", type, bytes, 96, 64);
        tensor(prefix + "mlp.down_proj.weight", type, bytes, 64, 96);
        tensor(prefix + "input_layernorm.weight", type, bytes, 64);
        tensor(prefix + "post_attention_layernorm.weight", type, bytes, 64);
    }

    private void outside() {
        tensor("model.embed_tokens.weight", "BF16", 2, 100, 64);
        tensor("model.norm.weight", "BF16", 2, 64);
    }

    @Test
    void countsTheNumbersOfConfigAndTheBytesOfTheFile() throws IOException {
        config("llama");
        outside();
        layer(0, "BF16", 2);
        layer(1, "BF16", 2);
        long bytes = dataBytes;
        ModelShape shape = ShapeFile.read(write("model.safetensors"));
        ModelShape told = ShapeFile.read(folder.resolve("config.json"));
        assertThat(new Precision.AsStored().bytes(shape)).isEqualTo(bytes);
        assertThat(shape.parameters()).isEqualTo(told.parameters());
        assertThat(shape.attention()).isEqualTo(told.attention());
        assertThat(shape.weights()).contains(new WeightGroup("attn_v", Role.LAYER, 32, 64, 2, 1, Optional.of(NumberFormat.BF16)),
                new WeightGroup("token_embd", Role.TIED, 100, 64, 1, 1, Optional.of(NumberFormat.BF16)));
        assertThat(shape.weights()).filteredOn(group -> group.role() == Role.VECTOR).hasSize(3);
    }

    @Test
    void readsAllPartsOfAFolder() throws IOException {
        config("llama");
        outside();
        layer(0, "F8_E4M3", 1);
        write("model-00001-of-00002.safetensors");
        layer(1, "F32", 4);
        tensor("lm_head.weight", "F16", 2, 100, 64);
        Path second = write("model-00002-of-00002.safetensors");
        Files.writeString(folder.resolve("model.safetensors.index.json"), """
                {"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}}""");
        ModelShape shape = ShapeFile.read(folder);
        long layer = 2 * 64 * 64 + 2 * 32 * 64 + 3 * 96 * 64 + 2 * 64;
        assertThat(new Precision.AsStored().bytes(shape)).isEqualTo(5 * layer + 2 * (100 * 64 + 64 + 100 * 64));
        assertThat(shape.weights()).extracting(WeightGroup::role).contains(Role.OUTPUT, Role.EMBEDDING).doesNotContain(Role.TIED);
        assertThat(ShapeFile.read(second).weights()).isEqualTo(shape.weights());
        Files.delete(second);
        assertThatThrownBy(() -> ShapeFile.read(folder)).isInstanceOf(ModelFileException.class)
                .hasMessageContaining("names \"model-00002-of-00002.safetensors\", which is no safetensors file beside it");
    }

    @Test
    void expertsOneByOneAndStackedAreTheSame() throws IOException {
        config("mixtral");
        outside();
        for (int layer = 0; layer < 2; layer++) {
            for (int expert = 0; expert < 4; expert++) {
                tensor("model.layers.%d.block_sparse_moe.experts.%d.w1.weight".formatted(layer, expert), "F16", 2, 96, 64);
            }
        }
        ModelShape single = ShapeFile.read(write("model.safetensors"));
        outside();
        for (int layer = 0; layer < 2; layer++) {
            tensor("model.layers.%d.mlp.experts.gate_proj".formatted(layer), "F16", 2, 4, 96, 64);
        }
        ModelShape stacked = ShapeFile.read(write("model.safetensors"));
        assertThat(single.weights()).contains(new WeightGroup("ffn_gate_exps", Role.EXPERT, 96, 64, 2, 4, Optional.of(NumberFormat.F16)))
                .isEqualTo(stacked.weights());
        assertThat(single.activeExperts()).isEqualTo(2);
    }

    @Test
    void missingExpertsAreNoticed() throws IOException {
        config("mixtral");
        outside();
        tensor("model.layers.0.block_sparse_moe.experts.2.w1.weight", "F16", 2, 96, 64);
        Path file = write("model.safetensors");
        assertThatThrownBy(() -> ShapeFile.read(file)).isInstanceOf(ModelFileException.class)
                .hasMessageContaining("holds 1 matrices ffn_gate_exps, expected 4 for each layer");
    }

    @Test
    void packedWeightsHaveTheSizesOfTheConfigAndNoFormat() throws IOException {
        config("llama");
        outside();
        tensor("model.layers.0.mlp.down_proj.qweight", "I32", 4, 64, 200);
        ModelShape shape = ShapeFile.read(write("model.safetensors"));
        assertThat(shape).isEqualTo(ShapeFile.read(folder.resolve("config.json")));
        assertThatThrownBy(() -> new Precision.AsStored().bytes(shape)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void encodersTakeMemoryAndAreNotMultiplied() throws IOException {
        config("llama");
        outside();
        layer(0, "F16", 2);
        tensor("vision_tower.encoder.layers.0.self_attn.q_proj.weight", "F16", 2, 48, 48);
        ModelShape shape = ShapeFile.read(write("model.safetensors"));
        assertThat(shape.weights()).contains(new WeightGroup("encoder", Role.EMBEDDING, 1, 48 * 48, 1, 1, Optional.of(NumberFormat.F16)));
    }

    @Test
    void headsComeFromTheConfigBesideIt() throws IOException {
        outside();
        Path file = write("alone.safetensors");
        assertThatThrownBy(() -> ShapeFile.read(file)).isInstanceOf(ModelFileException.class)
                .hasMessageContaining("alone.safetensors: there is no config.json beside it");
        Files.delete(file);
        assertThatThrownBy(() -> ShapeFile.read(folder)).isInstanceOf(ModelFileException.class).hasMessageContaining("neither");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "{'a':{'dtype':'F4','shape':[2],'data_offsets':[0,8]}}; tensor a: dtype is \"F4\", expected one of F64, F32",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,9]}}; tensor a: data_offsets is [0,9], expected 8 bytes (F32 [2])",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,16]}}; expected 8 bytes (F32 [2]) within the 8 bytes of data",
        "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}; tensor a: shape is [-2], expected at most 16 whole numbers",
        "{'a':{'dtype':'F32','shape':[9e99],'data_offsets':[0,8]}}; tensor a: shape is",
        "{'a':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,8]}}; expected fewer than 2^63 numbers",
        "{'a':{'dtype':'F32','shape':[2]}}; tensor a: data_offsets is missing",
        "{'a':; its header is no JSON",
        "[1,2]; its header is no JSON object",
        "{}; holds no tensors"})
    void badTablesAreRefusedByTensorAndField(String header, String message) throws IOException {
        config("llama");
        Path file = write("model.safetensors", header.replace('\'', '"'), 8);
        assertThatThrownBy(() -> ShapeFile.read(file)).isInstanceOf(ModelFileException.class)
                .hasMessageContaining("model.safetensors: ").hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"-1", "1", "9000", "9223372036854775807"})
    void headersLongerThanTheFileAreRefused(long length) throws IOException {
        config("llama");
        Path file = folder.resolve("model.safetensors");
        Files.write(file, ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length).array());
        assertThatThrownBy(() -> ShapeFile.read(file)).isInstanceOf(ModelFileException.class).hasMessageContaining("expected 2 to 56");
        Files.write(file, new byte[5]);
        assertThatThrownBy(() -> ShapeFile.read(file)).isInstanceOf(ModelFileException.class).hasMessageContaining("ends within its header");
    }
}
