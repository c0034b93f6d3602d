package dev.ondine.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.tensor.Tensor;
import dev.ondine.testkit.AllocatedBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {

    @TempDir
    private Path folder;

    @Test
    void readsFromAStreamWhatItMapsFromAFile() throws IOException {
        RandomModel model = RandomModel.of(11);
        Path path = folder.resolve("model.gguf");
        GgufWriter.STANDARD.write(path, model.metadata(), model.tensors());
        try (InputStream stream = Files.newInputStream(path);
                GgufFile read = GgufFile.read("embedded", stream, Files.size(path));
                GgufFile mapped = GgufFile.open(path)) {
            assertThat(read.name()).isEqualTo("embedded");
            assertThat(read.bytes()).isEqualTo(mapped.bytes());
            assertThat(read.tensors()).hasSameSizeAs(mapped.tensors());
            for (int i = 0; i < read.tensors().size(); i++) {
                assertThat(read.tensors().get(i).data().mismatch(mapped.tensors().get(i).data())).isEqualTo(-1);
            }
        }
    }

    /** Without the disk space: what lies behind the tensors is a hole. */
    @Test
    void opensAFileOfThreeGibibytes() throws IOException {
        RandomModel model = RandomModel.of(11);
        Path path = folder.resolve("large.gguf");
        GgufWriter.STANDARD.write(path, model.metadata(), model.tensors());
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(3L << 30);
        }
        try (GgufFile file = GgufFile.open(path)) {
            assertThat(file.tensors()).hasSameSizeAs(model.tensors());
        }
    }

    @Test
    void tellsWhetherAHeaderChanged() throws IOException {
        RandomModel model = RandomModel.of(11);
        Path path = folder.resolve("model.gguf");
        GgufWriter.STANDARD.write(path, model.metadata(), model.tensors());
        Path other = folder.resolve("other.gguf");
        byte[] bytes = Files.readAllBytes(path);
        bytes[bytes.length - 1] ^= 1;
        Files.write(other, bytes);
        try (GgufFile file = GgufFile.open(path); GgufFile sameHeader = GgufFile.open(other);
                GgufFile read = GgufFile.read("embedded", new ByteArrayInputStream(bytes), bytes.length)) {
            assertThat(file.paths()).containsExactly(path);
            assertThat(read.paths()).isEmpty();
            assertThat(file.headerChecksum()).isEqualTo(sameHeader.headerChecksum()).isEqualTo(read.headerChecksum());
        }
        GgufWriter.STANDARD.write(other, RandomModel.of(12).metadata(), model.tensors());
        try (GgufFile file = GgufFile.open(path); GgufFile otherHeader = GgufFile.open(other)) {
            assertThat(file.headerChecksum()).isNotEqualTo(otherHeader.headerChecksum());
        }
    }

    @Test
    void refusesAStreamThatEndsEarly() {
        byte[] bytes = header(0, 0, none -> { });
        assertThatThrownBy(() -> GgufFile.read("embedded", new ByteArrayInputStream(bytes), bytes.length + 1))
                .isInstanceOf(ModelFileException.class).hasMessageContaining("embedded: ends after 24 bytes, expected 25");
    }

    @Test
    void saysThatAFileIsAbsent() {
        assertThatThrownBy(() -> GgufFile.open(folder.resolve("absent.gguf")))
                .isInstanceOf(ModelFileException.class).hasMessageContaining("absent.gguf: there is no file");
    }

    @Test
    void saysThatAFolderIsNoFile() {
        assertThatThrownBy(() -> GgufFile.open(folder)).isInstanceOf(ModelFileException.class)
                .hasMessage("%s: is a folder, expected a GGUF file; check the path", folder.getFileName());
        assertThatThrownBy(() -> GgufFile.open(Path.of(""))).hasMessageContaining("is a folder").hasMessageNotContaining("null");
    }

    @Test
    void endsTheMemoryOfTensorsButNotTheMetadataWhenClosed() {
        RandomModel model = RandomModel.of(12);
        Path path = folder.resolve("model.gguf");
        GgufWriter.STANDARD.write(path, model.metadata(), model.tensors());
        GgufFile file = GgufFile.open(path);
        file.close();
        assertThat(file.metadata().string("one.STRING")).isEqualTo(model.metadata().string("one.STRING"));
        assertThat(file.tensors().getFirst().data().scope().isAlive()).isFalse();
    }

    @Test
    void keepsTextsThatAreNotUtf8Loadable() {
        byte[] bytes = header(0, 1, header -> {
            header.text("tokenizer.ggml.broken");
            header.int32(GgufType.STRING.id());
            header.int64(3);
            header.int8('a');
            header.int8(0xFF);
            header.int8('b');
        });
        try (GgufFile file = open(bytes)) {
            assertThat(file.metadata().string("tokenizer.ggml.broken")).isEqualTo("a\uFFFDb");
        }
    }

    @Test
    void refusesAKeyThatAppearsTwice() {
        refuses(header(0, 2, header -> {
            pair(header, "a.key");
            pair(header, "a.key");
        }), "metadata key a.key appears twice");
    }

    @Test
    void refusesAKeyWithControlCharacters() {
        refuses(header(0, 1, header -> pair(header, "a\u001b[31m")), "holds control characters");
    }

    @Test
    void refusesAnUnknownMetadataType() {
        refuses(header(0, 1, header -> {
            header.text("a.key");
            header.int32(13);
            header.int64(0);
        }), "metadata key a.key has the unknown type 13, expected 0 to 12");
    }

    @Test
    void refusesATruthValueOfTwo() {
        refuses(header(0, 1, header -> {
            header.text("a.key");
            header.int32(GgufType.BOOL.id());
            header.int8(2);
        }), "truth value 2");
    }

    @Test
    void refusesArraysNestedTooDeep() {
        refuses(header(0, 1, header -> {
            header.text("a.key");
            header.int32(GgufType.ARRAY.id());
            for (int depth = 0; depth < 100_000; depth++) {
                header.int32(GgufType.ARRAY.id());
                header.int64(1);
            }
        }), "metadata key a.key nests arrays more than 8 deep");
    }

    @Test
    void refusesAnArrayLongerThanTheFile() {
        refuses(header(0, 1, header -> {
            header.text("a.key");
            header.int32(GgufType.ARRAY.id());
            header.int32(GgufType.FLOAT64.id());
            header.int64(1L << 61);
        }), "metadata key a.key claims 2305843009213693952 array elements, but only 0 bytes follow");
    }

    @Test
    void refusesAnAlignmentThatIsNoPowerOfTwo() {
        refuses(header(0, 1, header -> {
            header.text(GgufHeader.ALIGNMENT_KEY);
            header.typed(TypedValue.unsigned(48));
        }), "general.alignment is 48, expected a power of two");
    }

    @Test
    void survivesTheLargestAlignment() {
        refuses(header(1, 1, header -> {
            header.text(GgufHeader.ALIGNMENT_KEY);
            header.typed(TypedValue.of(1L << 62));
            tensor(header, "a", 0, 0, 1);
        }), "tensor a has 4 bytes from 0 on, but there are only 0 bytes of data");
    }

    @Test
    void refusesATensorNameThatAppearsTwice() {
        refuses(header(2, 0, header -> {
            tensor(header, "a", 0, 0, 1);
            tensor(header, "a", 0, 32, 1);
        }), "tensor a appears twice");
    }

    @Test
    void refusesTooManyDimensions() {
        refuses(header(1, 0, header -> tensor(header, "a", 0, 0, 1, 1, 1, 1, 1)), "tensor a has 5 dimensions, expected at most 4");
    }

    @Test
    void refusesAnEmptyDimension() {
        refuses(header(1, 0, header -> tensor(header, "a", 0, 0, 4, 0)), "tensor a has a dimension of 0");
    }

    @Test
    void refusesRowsThatAreNotWholeBlocks() {
        refuses(header(1, 0, header -> tensor(header, "a", 8, 0, 33)), "tensor a has rows of 33, expected whole Q8_0 blocks of 32");
    }

    @Test
    void refusesATensorOffTheAlignment() {
        refuses(header(1, 0, header -> tensor(header, "a", 0, 16, 1)), "tensor a starts at 16, expected a multiple of 32");
    }

    @Test
    void takesTensorsInAnyOrder() {
        byte[] header = header(2, 0, bytes -> {
            tensor(bytes, "second", 0, 32, 8);
            tensor(bytes, "first", 0, 0, 8);
        });
        try (GgufFile file = open(Arrays.copyOf(header, header.length + 96))) {
            assertThat(file.tensors()).extracting("name").containsExactly("second", "first");
        }
    }

    @Test
    void refusesABigEndianFormatWhoseFieldsAreUnknown() {
        byte[] header = header(ByteOrder.BIG_ENDIAN, 1, 0, bytes -> tensor(bytes, "a", 29, 0, 256));
        refuses(Arrays.copyOf(header, header.length + 96), "tensor a is big-endian IQ1_M");
    }

    @Test
    void refusesOnePartOfASplitModelFromAStream() {
        refuses(header(0, 1, header -> {
            header.text(SplitParts.COUNT_KEY);
            header.typed(TypedValue.of(2));
        }), "is one part of a split model");
    }

    @Test
    void shortensNamesInRefusals() {
        String endless = "x".repeat(60_000);
        assertThatThrownBy(() -> open(header(0, 2, header -> {
            pair(header, endless);
            pair(header, endless);
        }))).isInstanceOf(ModelFileException.class).message().hasSizeLessThan(200);
    }

    @Test
    void survivesAnyDamage() throws IOException {
        RandomModel model = RandomModel.of(13);
        Path path = folder.resolve("model.gguf");
        GgufWriter.STANDARD.write(path, model.metadata(), model.tensors());
        byte[] good = Files.readAllBytes(path);
        int headerBytes = (int) GgufHeader.read("model.gguf", MemorySegment.ofArray(good)).dataOffsetBytes();
        Random random = new Random(17);
        int refused = 0;
        for (int round = 0; round < 8_000; round++) {
            byte[] damaged = damaged(good, headerBytes, random);
            try (GgufFile file = open(damaged)) {
                readAll(file);
            } catch (ModelFileException e) {
                refused++;
            } catch (Throwable failure) {
                throw new AssertionError("round " + round, failure);
            }
        }
        assertThat(refused).isBetween(1_000, 7_900);
    }

    private static void readAll(GgufFile file) {
        file.metadata().keys().forEach(file.metadata()::typedValue);
        for (Tensor tensor : file.tensors()) {
            if (tensor.format().isDecodable()) {
                tensor.decodeRow(tensor.rows() - 1, new float[tensor.columns()], 0);
            }
        }
    }

    /** Cut short, or up to eight bytes of the header changed: to any value, or to the ends of the range where overflows lurk. */
    private static byte[] damaged(byte[] good, int headerBytes, Random random) {
        if (random.nextInt(8) == 0) {
            return Arrays.copyOf(good, random.nextInt(good.length));
        }
        byte[] damaged = good.clone();
        int at = random.nextInt(headerBytes);
        int count = 1 + random.nextInt(8);
        int kind = random.nextInt(4);
        for (int i = at; i < Math.min(at + count, damaged.length); i++) {
            damaged[i] = switch (kind) {
                case 0 -> (byte) random.nextInt();
                case 1 -> (byte) 0xFF;
                case 2 -> 0;
                default -> (byte) (damaged[i] ^ 1 << random.nextInt(8));
            };
        }
        return damaged;
    }

    @Test
    void opensAVocabularyOfAQuarterMillionWithoutDecodingIt() {
        String[] tokens = new String[256_000];
        Arrays.setAll(tokens, i -> "token" + i);
        Path path = folder.resolve("vocabulary.gguf");
        GgufWriter.STANDARD.write(path, Metadata.of("vocabulary", Map.of("tokenizer.ggml.tokens", tokens)), List.of());
        GgufFile.open(path).close();
        // The bytes as they lie in the file, not a quarter of a million objects.
        assertThat(AllocatedBytes.during(() -> GgufFile.open(path).close())).isLessThan(path.toFile().length() + 100_000);
        try (GgufFile file = GgufFile.open(path)) {
            assertThat(Arrays.equals(file.metadata().strings("tokenizer.ggml.tokens"), tokens)).isTrue();
        }
    }

    @Test
    void refusesAStringOfAnArrayThatReachesPastTheEnd() {
        refuses(header(0, 1, header -> {
            header.text("a.key");
            header.int32(GgufType.ARRAY.id());
            header.int32(GgufType.STRING.id());
            header.int64(2);
            header.text("first");
            header.int64(Long.MAX_VALUE);
            header.int64(0);
        }), "text 1 of 2 of metadata key a.key reaches past the end");
    }

    private static void refuses(byte[] bytes, String problem) {
        assertThatThrownBy(() -> open(bytes)).isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith("test.gguf: ").hasMessageContaining(problem);
    }

    private static GgufFile open(byte[] bytes) {
        return GgufFile.read("test.gguf", new ByteArrayInputStream(bytes), bytes.length);
    }

    private static byte[] header(int tensors, int pairs, Consumer<HeaderBytes> rest) {
        return header(ByteOrder.LITTLE_ENDIAN, tensors, pairs, rest);
    }

    private static byte[] header(ByteOrder order, int tensors, int pairs, Consumer<HeaderBytes> rest) {
        HeaderBytes header = new HeaderBytes(order);
        header.raw(GgufHeader.MAGIC);
        header.int32(3);
        header.int64(tensors);
        header.int64(pairs);
        rest.accept(header);
        return header.toByteArray();
    }

    private static void pair(HeaderBytes header, String key) {
        header.text(key);
        header.typed(TypedValue.of("value"));
    }

    /** @param sizes innermost first, as in a file */
    private static void tensor(HeaderBytes header, String name, int format, long offset, long... sizes) {
        header.text(name);
        header.int32(sizes.length);
        for (long size : sizes) {
            header.int64(size);
        }
        header.int32(format);
        header.int64(offset);
    }
}
