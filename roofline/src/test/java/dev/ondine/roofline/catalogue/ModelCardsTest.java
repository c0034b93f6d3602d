package dev.ondine.roofline.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.roofline.device.Trust;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Role;
import dev.ondine.roofline.shape.StoredFormat;
import dev.ondine.roofline.shape.WeightGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModelCardsTest {

    private static final double KIB = 1024;

    @TempDir
    private Path folder;

    /** Read through a shelf of their own, so that devices do not matter here. */
    private static Shelf<ModelCard> shelf() {
        return Shelf.empty("model", ModelCardReader::read).with(CardFolder.builtIn("models"));
    }

    private static ModelShape shape(String id) {
        return shelf().get(id).shape();
    }

    static List<ModelCard> withShape() {
        return shelf().all().stream().filter(ModelCard::shapeKnown).toList();
    }

    static List<ModelCard> mixtures() {
        return withShape().stream().filter(card -> card.shape().isMixture()).toList();
    }

    @ParameterizedTest
    @MethodSource("withShape")
    void shapesGiveTheStatedParameters(ModelCard card) {
        double stated = card.parameters().value();
        assertThat((double) card.shape().parameters()).as(card.id()).isCloseTo(stated, within(0.005 * stated));
    }

    /** Makers count the active parameters with or without the table of embeddings, of which a token uses a row. */
    @ParameterizedTest
    @MethodSource("mixtures")
    void mixturesGiveTheStatedActiveParameters(ModelCard card) {
        double table = card.shape().weights().stream().filter(group -> group.role() == Role.EMBEDDING)
                .mapToDouble(WeightGroup::parameters).sum();
        double active = card.shape().activeParameters();
        assertThat(card.activeParameters().value()).as(card.id()).isBetween(0.95 * (active - table), 1.05 * active);
    }

    /** Catalogue of facts, section C: what a token leaves in the cache, FP16. */
    @ParameterizedTest(name = "{0}: {1} KiB")
    @CsvSource({"gpt-1, 36", "gpt-2-xl, 300", "gpt-3, 4608", "opt-175b, 4608", "palm-540b, 118", "llama-2-7b, 512", "llama-2-13b, 800",
        "llama-2-70b, 320", "falcon-180b, 160", "phi-2, 320", "qwen-1.8b, 192", "qwen-7b, 512", "qwen-72b, 2560", "mixtral-8x7b, 128",
        "mistral-7b, 128", "llama-3.2-1b, 32", "llama-3.2-3b, 112", "qwen2.5-0.5b, 12", "qwen2.5-1.5b, 28", "qwen2.5-3b, 36",
        "qwen2.5-7b, 56", "gemma-2b, 18", "gemma-2-2b, 104", "smollm2-135m, 22.5", "smollm2-360m, 40", "smollm2-1.7b, 192", "grok-1, 256"})
    void cachesAreAsLargeAsPublished(String id, double kibibytes) {
        assertThat(StoredFormat.F16.bytes(shape(id).kvElementsPerToken()) / KIB).isEqualTo(kibibytes);
    }

    /** arXiv:2405.04434: 576 numbers a token and layer, 60 layers. */
    @Test
    void latentAttentionCachesOneVectorForAllHeads() {
        assertThat(shape("deepseek-v2").kvElementsPerToken()).isEqualTo(576L * 60);
        assertThat(shape("deepseek-v3").kvElementsPerToken()).isEqualTo(576L * 61);
    }

    /** arXiv:2401.04088 and lit-gpt's configuration, recomputed: 46.70 and 12.88 billion, 45.1 of them in experts. */
    @Test
    void mixtralSplitsAsPublished() {
        ModelShape mixtral = shape("mixtral-8x7b");
        assertThat(mixtral.parameters() / 1e9).isCloseTo(46.70, within(0.005));
        assertThat(mixtral.activeParameters() / 1e9).isCloseTo(12.88, within(0.005));
        assertThat(mixtral.expertParameters() / 1e9).isCloseTo(45.1, within(0.05));
        assertThat((double) mixtral.expertParameters() / mixtral.parameters()).isCloseTo(0.966, within(0.0005));
    }

    /** state-spaces/mamba: layers x 2 x dim x (16 + 4) numbers, 13.1 MB in FP16; arXiv:2305.13048: 5 L D, 2.6 MB in FP32. */
    @Test
    void recurrentModelsKeepAStateOfConstantSize() {
        assertThat(shape("mamba-2.8b").stateElements()).isEqualTo(64L * 2 * 2560 * 20);
        assertThat(StoredFormat.F16.bytes(shape("mamba-2.8b").stateElements()) / 1e6).isCloseTo(13.1, within(0.05));
        assertThat(StoredFormat.named("FP32").bytes(shape("rwkv-4-7b").stateElements()) / 1e6).isCloseTo(2.6, within(0.05));
        assertThat(StoredFormat.F16.bytes(shape("rwkv-5-7b").stateElements()) / 1e6).isCloseTo(17, within(0.5));
        assertThat(shape("mamba-2.8b").attention()).isEmpty();
    }

    /** arXiv:2305.13048: 2VD + 13D²L + D(11L + 4). */
    @ParameterizedTest
    @CsvSource({"rwkv-4-169m, 12, 768", "rwkv-4-430m, 24, 1024", "rwkv-4-1.5b, 24, 2048", "rwkv-4-3b, 32, 2560", "rwkv-4-7b, 32, 4096",
        "rwkv-4-14b, 40, 5120"})
    void rwkvHasThePublishedFormula(String id, long layers, long dim) {
        assertThat(shape(id).parameters()).isEqualTo(2 * 50277 * dim + 13 * dim * dim * layers + dim * (11 * layers + 4));
    }

    /** As the published weight files count: Llama 2 7B, Llama 3.2 1B, Qwen2.5 7B, Qwen3 8B, Gemma 2 2B, Mamba 2.8B. */
    @ParameterizedTest
    @CsvSource({"llama-2-7b, 6738415616", "llama-3.2-1b, 1235814400", "qwen2.5-7b, 7615616512", "qwen3-8b, 8190735360",
        "gemma-2-2b, 2614341888", "mamba-2.8b, 2768345600", "gpt-2-small, 124439808", "phi-2, 2779683840", "deepseek-v2-lite, 15706484224"})
    void someCountToTheLastParameter(String id, long parameters) {
        assertThat(shape(id).parameters()).isEqualTo(parameters);
    }

    @Test
    void windowsAreWhereTheirArchitecturesPutThem() {
        assertThat(shape("mistral-7b").attention()).singleElement().satisfies(group -> assertThat(group.window()).isEqualTo(4096));
        assertThat(shape("gemma-2-2b").attention()).extracting("layers").containsExactly(13, 13);
        assertThat(shape("gemma-3-1b").attention()).extracting("layers").containsExactly(4, 22);
        assertThat(shape("gpt-oss-20b").attention()).extracting("window").containsExactly(0, 128);
    }

    @Test
    void whatNobodyPublishedStaysUnknown() {
        ModelCard claude = shelf().get("claude-2");
        assertThat(claude.hasSize()).isFalse();
        assertThatThrownBy(claude::shape).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("claude-2").hasMessageContaining("unknown");
        assertThat(shelf().get("gpt-4").parameters().trust()).isEqualTo(Trust.RUMOURED);
        assertThat(shelf().get("olympus").parameters().trust()).isEqualTo(Trust.RUMOURED);
        ModelCard gpt4 = shelf().get("gpt-4");
        assertThat(gpt4.shapeKnown()).isFalse();
        assertThat(gpt4.shape().activeParameters()).isEqualTo(gpt4.shape().parameters());
        assertThat(gpt4.shape().weights()).extracting(WeightGroup::parameters).containsExactly(280_000_000_000L, 1_480_000_000_000L);
    }

    @Test
    void theDecadeIsThere() {
        assertThat(shelf().all()).extracting(ModelCard::id).contains("alexnet", "resnet-50", "vgg-16", "transformer-big", "bert-large",
                "gpt-1", "gpt-2-xl", "gpt-3", "gpt-4", "switch-c", "m6-10t", "pangu-sigma", "t5-11b", "megatron-8.3b", "turing-nlg",
                "gemini-nano-1", "gemini-nano-2", "grok-0", "grok-1", "claude-2", "olympus", "gato", "ferret-7b", "whisper-large-v3");
        assertThat(shelf().all()).allSatisfy(card -> assertThat(card.year().isKnown()).as(card.id()).isTrue());
        assertThat(shelf().get("qwen-72b").quality("mmlu").value()).isCloseTo(0.744, within(1e-9));
    }

    @Test
    void everyFileIsListed() throws Exception {
        Path index = Path.of(ModelCard.class.getResource("models/index.txt").toURI());
        try (Stream<Path> files = Files.list(index.getParent())) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> !name.equals("index.txt")).sorted())
                    .isEqualTo(Files.readAllLines(index));
        }
    }

    @Test
    void theDocumentDescribesEveryKeyAndItsExampleIsAModel() throws IOException {
        String document = Files.readString(Path.of("../docs/catalogue.md"));
        assertThat(Stream.concat(ModelCardReader.KEYS.stream(), ModelShapeKeys.ALL.stream()))
                .allSatisfy(key -> assertThat(document).contains("`" + key + "`"));
        String example = document.substring(document.indexOf("## Models")).split("```")[1];
        ModelCard card = ModelCardReader.read(CardFile.parse("docs/catalogue.md", example).getFirst());
        assertThat((double) card.shape().parameters()).isCloseTo(card.parameters().value(), within(0.005e9));
    }

    private ModelCard read(String lines) throws IOException {
        Path file = folder.resolve("mine.models");
        Files.writeString(file, "[mine]\nname: Mine\nfamily: mine\nparameters: 7e9 | assumed | a what-if\n" + lines);
        return shelf().with(CardFolder.of(file, ".models")).get("mine");
    }

    @Test
    void ownModelsNeedNoShape() throws IOException {
        ModelCard mine = read("active parameters: 2e9 | assumed | a what-if\n");
        assertThat(mine.shape().parameters()).isEqualTo(7_000_000_000L);
        assertThat(mine.context().isKnown()).isFalse();
        assertThat(mine.modalities()).containsExactly("text");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "layers: 0; layers is 0, expected 1 to 10000",
        "layers: many; layers: \"many\" is no whole number",
        "heads: 8; \"heads\" belongs to a shape, which needs \"layers:\"",
        "layer: 8; no key is called \"layer\"",
        "context: -4 | stated | x; context is -4, expected 1.0"})
    void badCardsAreRefusedWithFileAndLine(String line, String message) {
        assertThatThrownBy(() -> read("shape source: x\n".repeat(line.startsWith("layers") ? 1 : 0) + line + "\n"))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("mine.models:").hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "heads: 8|kv heads: 9|ffn dim: 64|vocab: 100; kv heads is 9, expected 1 to 8",
        "heads: 8|vocab: 100; has no \"ffn dim:\"",
        "heads: 8|ffn dim: 64|vocab: 100|tied: perhaps; tied: \"perhaps\", expected yes or no",
        "architecture: retnet; architecture: \"retnet\", expected one of transformer"})
    void badShapesAreRefused(String lines, String message) {
        assertThatThrownBy(() -> read("shape source: x\nlayers: 2\nmodel dim: 64\n" + lines.replace('|', '\n') + "\n"))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("mine.models:").hasMessageContaining(message);
    }
}
