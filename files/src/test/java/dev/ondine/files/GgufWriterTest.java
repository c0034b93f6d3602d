package dev.ondine.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Shape;
import dev.ondine.tensor.Tensor;
import dev.ondine.testkit.SharedFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GgufWriterTest {

    private static final GgufWriter BIG_ENDIAN = new GgufWriter(3, ByteOrder.BIG_ENDIAN);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"2, LITTLE_ENDIAN", "3, LITTLE_ENDIAN", "2, BIG_ENDIAN", "3, BIG_ENDIAN"})
    void readsBackWhatItWrote(int version, String order) {
        GgufWriter writer = new GgufWriter(version, order.startsWith("BIG") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        for (int seed = 0; seed < 20; seed++) {
            RandomModel model = RandomModel.of(seed);
            Path path = folder.resolve("random.gguf");
            writer.write(path, model.metadata(), model.tensors());
            try (GgufFile file = GgufFile.open(path)) {
                requireSame(file.metadata(), model.metadata());
                requireSame(file.tensors(), model.tensors());
                assertThat(file.bytes()).isEqualTo(path.toFile().length());
            }
        }
    }

    private static void requireSame(Metadata found, Metadata expected) {
        assertThat(found.keys()).containsExactlyElementsOf(expected.keys());
        for (String key : expected.keys()) {
            assertThat(found.typedValue(key)).as(key).usingRecursiveComparison().isEqualTo(expected.typedValue(key));
        }
    }

    private static void requireSame(List<Tensor> found, List<TensorSource> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            Tensor tensor = found.get(i);
            TensorSource source = expected.get(i);
            assertThat(tensor.name()).isEqualTo(source.name());
            assertThat(tensor.format()).isEqualTo(source.format());
            assertThat(tensor.shape()).isEqualTo(source.shape());
            List<MemorySegment> pieces = new ArrayList<>();
            contents(source, pieces);
            assertThat(pieces).singleElement().satisfies(data -> assertThat(tensor.data().mismatch(data)).as(tensor.name()).isEqualTo(-1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Q4_1", "Q5_1", "Q4_K_M", "Q8_0", "BF16"})
    void rewritesAFileOfAnotherRuntimeInEitherByteOrder(String quantization) {
        Path original = SharedFiles.require("fixtures/quant/model-" + quantization + ".gguf");
        try (GgufFile expected = GgufFile.open(original)) {
            List<TensorSource> tensors = expected.tensors().stream().map(TensorSource::of).toList();
            Path same = folder.resolve("same.gguf");
            GgufWriter.STANDARD.write(same, expected.metadata(), tensors);
            assertThat(same).hasSameBinaryContentAs(original);
            Path swapped = folder.resolve("swapped.gguf");
            BIG_ENDIAN.write(swapped, expected.metadata(), tensors);
            assertThat(swapped).hasSize(same.toFile().length());
            try (GgufFile file = GgufFile.open(swapped)) {
                requireSame(file.metadata(), expected.metadata());
                requireSame(file.tensors(), tensors);
            }
        }
    }

    @Test
    void splitsAModelThatOpensFromAnyPart() {
        RandomModel model = RandomModel.of(1);
        List<Path> parts = GgufWriter.STANDARD.writeSplit(folder, "split", 3, model.metadata(), model.tensors());
        assertThat(parts).extracting(part -> part.getFileName().toString())
                .containsExactly("split-00001-of-00003.gguf", "split-00002-of-00003.gguf", "split-00003-of-00003.gguf");
        for (Path part : parts) {
            try (GgufFile file = GgufFile.open(part)) {
                requireSame(file.tensors(), model.tensors());
                assertThat(file.name()).isEqualTo("split-00001-of-00003.gguf");
                assertThat(file.metadata().string("one.STRING")).isEqualTo(model.metadata().string("one.STRING"));
                assertThat(file.bytes()).isEqualTo(parts.stream().mapToLong(path -> path.toFile().length()).sum());
            }
        }
    }

    @Test
    void namesTheMissingPartOfASplitModel() throws IOException {
        RandomModel model = RandomModel.of(2);
        List<Path> parts = GgufWriter.STANDARD.writeSplit(folder, "split", 3, model.metadata(), model.tensors());
        Files.delete(parts.get(1));
        assertThatThrownBy(() -> GgufFile.open(parts.getFirst())).isInstanceOf(ModelFileException.class)
                .hasMessage("split-00002-of-00003.gguf: is missing; put all 3 parts into one folder");
    }

    @Test
    void refusesAPartInAnotherPartsPlace() throws IOException {
        RandomModel model = RandomModel.of(3);
        List<Path> parts = GgufWriter.STANDARD.writeSplit(folder, "split", 3, model.metadata(), model.tensors());
        Files.delete(parts.get(1));
        Files.copy(parts.get(2), parts.get(1));
        assertThatThrownBy(() -> GgufFile.open(parts.getFirst())).isInstanceOf(ModelFileException.class)
                .hasMessageContaining("split-00002-of-00003.gguf: says it is part 3 of 3, expected part 2 of 3");
    }

    @Test
    void refusesAPartUnderAnotherName() throws IOException {
        RandomModel model = RandomModel.of(3);
        List<Path> parts = GgufWriter.STANDARD.writeSplit(folder, "split", 3, model.metadata(), model.tensors());
        Path renamed = Files.move(parts.getFirst(), folder.resolve("model.gguf"));
        assertThatThrownBy(() -> GgufFile.open(renamed)).isInstanceOf(ModelFileException.class)
                .hasMessageContaining("model.gguf: is one of 3 parts").hasMessageContaining("rename");
    }

    @Test
    void refusesPartsThatHoldTheSameTensor() {
        Metadata metadata = Metadata.of("twice", Map.of());
        TensorSource tensor = zeros("a", 1);
        GgufWriter writer = GgufWriter.STANDARD;
        writer.write(folder.resolve("twice-00001-of-00002.gguf"), SplitParts.metadata(metadata, 0, 2, 2), List.of(tensor));
        writer.write(folder.resolve("twice-00002-of-00002.gguf"), SplitParts.metadata(metadata, 1, 2, 2), List.of(tensor));
        assertThatThrownBy(() -> GgufFile.open(folder.resolve("twice-00001-of-00002.gguf"))).isInstanceOf(ModelFileException.class)
                .hasMessageContaining("twice-00002-of-00002.gguf: tensor a is in an earlier part too");
    }

    @Test
    void refusesASplitModelThatLacksTensors() {
        Metadata metadata = Metadata.of("short", Map.of());
        GgufWriter writer = GgufWriter.STANDARD;
        writer.write(folder.resolve("short-00001-of-00002.gguf"), SplitParts.metadata(metadata, 0, 2, 3), List.of(zeros("a", 1)));
        writer.write(folder.resolve("short-00002-of-00002.gguf"), SplitParts.metadata(metadata, 1, 2, 3), List.of(zeros("b", 1)));
        assertThatThrownBy(() -> GgufFile.open(folder.resolve("short-00002-of-00002.gguf"))).isInstanceOf(ModelFileException.class)
                .hasMessageContaining("2 parts hold 2 tensors, expected 3");
    }

    @Test
    void asksForTheDataOfOneTensorAtATime() {
        byte[] onlyBuffer = new byte[4];
        List<TensorSource> tensors = new ArrayList<>();
        for (byte i = 0; i < 5; i++) {
            byte value = i;
            tensors.add(new TensorSource("tensor." + i, NumberFormat.F32, Shape.of(1), () -> {
                onlyBuffer[0] = value;
                return MemorySegment.ofArray(onlyBuffer);
            }));
        }
        Path path = folder.resolve("streamed.gguf");
        GgufWriter.STANDARD.write(path, Metadata.of("streamed", Map.of()), tensors);
        try (GgufFile file = GgufFile.open(path)) {
            for (int i = 0; i < 5; i++) {
                float[] number = new float[1];
                file.tensor("tensor." + i).orElseThrow().decodeRow(0, number, 0);
                assertThat(Float.floatToRawIntBits(number[0])).isEqualTo(i);
            }
        }
    }

    @Test
    void writesATensorLargerThanItsBuffer() {
        byte[] data = new byte[5 << 19];
        data[data.length - 1] = 7;
        data[1 << 20] = 9;
        TensorSource large = new TensorSource("large", NumberFormat.F32, Shape.of(data.length / 4), () -> MemorySegment.ofArray(data));
        for (GgufWriter writer : List.of(GgufWriter.STANDARD, BIG_ENDIAN)) {
            Path path = folder.resolve("large.gguf");
            writer.write(path, Metadata.of("large", Map.of()), List.of(large, zeros("small", 3)));
            try (GgufFile file = GgufFile.open(path)) {
                requireSame(file.tensors(), List.of(large, zeros("small", 3)));
            }
        }
    }

    @Test
    void writesATensorInPieces() {
        byte[] data = new byte[4 * 22];
        new Random(3).nextBytes(data);
        TensorSource pieces = new TensorSource("pieces", NumberFormat.Q5_0, Shape.of(2, 64), target -> {
            target.accept(MemorySegment.ofArray(data).asSlice(0, 22));
            target.accept(MemorySegment.ofArray(data).asSlice(22, 0));
            target.accept(MemorySegment.ofArray(data).asSlice(22));
        });
        TensorSource whole = new TensorSource("pieces", NumberFormat.Q5_0, Shape.of(2, 64), () -> MemorySegment.ofArray(data));
        for (GgufWriter writer : List.of(GgufWriter.STANDARD, BIG_ENDIAN)) {
            Path path = folder.resolve("pieces.gguf");
            writer.write(path, Metadata.of("pieces", Map.of()), List.of(pieces));
            try (GgufFile file = GgufFile.open(path)) {
                requireSame(file.tensors(), List.of(whole));
            }
        }
    }

    @Test
    void refusesPiecesThatAreNotTheTensor() {
        Path path = folder.resolve("model.gguf");
        for (int[] sizes : new int[][] {{22, 11, 11}, {22, 44}, {22}, {66}}) {
            TensorSource wrong = new TensorSource("wrong", NumberFormat.Q5_0, Shape.of(64), target -> {
                for (int size : sizes) {
                    target.accept(MemorySegment.ofArray(new byte[size]));
                }
            });
            assertThatThrownBy(() -> GgufWriter.STANDARD.write(path, Metadata.of("model", Map.of()), List.of(wrong)))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("tensor wrong Q5_0 [64] needs");
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void leavesTheOldFileWhereItFails() throws IOException {
        Path path = folder.resolve("model.gguf");
        Files.writeString(path, "the old file");
        TensorSource failing = new TensorSource("failing", NumberFormat.F32, Shape.of(1), () -> {
            throw new IllegalStateException("no data");
        });
        Metadata metadata = Metadata.of("model", Map.of());
        assertThatThrownBy(() -> GgufWriter.STANDARD.write(path, metadata, List.of(zeros("a", 9), failing)))
                .hasMessage("no data");
        assertThat(path).hasContent("the old file");
        assertThat(folder).isDirectoryNotContaining("glob:**.partial");
    }

    @Test
    void saysWhereItCannotWrite() {
        Path path = folder.resolve("absent").resolve("model.gguf");
        assertThatThrownBy(() -> GgufWriter.STANDARD.write(path, Metadata.of("model", Map.of()), List.of()))
                .isInstanceOf(ModelFileException.class).hasMessageStartingWith("model.gguf: cannot be written");
    }

    @Test
    void refusesContradictions() {
        Path path = folder.resolve("model.gguf");
        Metadata metadata = Metadata.of("model", Map.of());
        TensorSource tooShort = new TensorSource("a", NumberFormat.F32, Shape.of(2), () -> MemorySegment.ofArray(new byte[4]));
        assertThatThrownBy(() -> GgufWriter.STANDARD.write(path, metadata, List.of(tooShort)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("needs 8 bytes, found 4");
        assertThatThrownBy(() -> GgufWriter.STANDARD.write(path, metadata, List.of(zeros("a", 1), zeros("a", 1))))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("two tensors are named a");
        assertThatThrownBy(() -> new TensorSource("a", NumberFormat.Q8_0, Shape.of(33), () -> null))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("whole Q8_0 blocks of 32");
        assertThatThrownBy(() -> new TensorSource("a", NumberFormat.F32, Shape.of(1, 1, 1, 1, 1), () -> null))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("at most 4 sizes");
        assertThatThrownBy(() -> new GgufWriter(1, ByteOrder.LITTLE_ENDIAN)).isInstanceOf(IllegalArgumentException.class);
        Metadata negative = Metadata.of("model", Map.of("a.key", new TypedValue(GgufType.UINT8, null, (short) -1)));
        assertThatThrownBy(() -> GgufWriter.STANDARD.write(path, negative, List.of()))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("-1 does not fit UINT8, expected 0 to 255");
        assertThat(path).doesNotExist();
    }

    private static void contents(TensorSource source, List<MemorySegment> pieces) {
        try {
            source.contents().writeTo(pieces::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TensorSource zeros(String name, int count) {
        return new TensorSource(name, NumberFormat.F32, Shape.of(count), () -> MemorySegment.ofArray(new byte[4 * count]));
    }
}
