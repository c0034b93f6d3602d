package dev.ondine.kernels.panel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packed weights are the same bytes from memory, from a new file and from a found one, whatever happens to the cache and to memory. */
class PackedWeightsTest {

    @TempDir
    private Path folder;

    private final SmallModel model = new SmallModel(2);

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void packsInMemoryWithoutACache() {
        try (PackedWeights weights = PackedWeights.inMemory(model.matrices, model, model)) {
            assertThat(model.packAll(weights)).containsExactlyElementsOf(model.expected());
            weights.finish();
        }
        assertThat(model.allocatedBytes).isEqualTo(model.imageBytes(0));
        assertThat(model.released).containsExactlyElementsOf(model.matrices.stream().map(Tensor::data).toList());
    }

    @Test
    void theFirstStartPacksToAFileAndTheSecondReadsIt() throws IOException {
        assertPacksAnew(model.open(folder));
        assertThat(model.doneBytes).isEqualTo(model.totalBytes).isEqualTo(PackedWeights.bytes(model.matrices));
        assertThat(model.released).hasSize(3);
        assertThat(files()).containsExactly(SmallModel.KEY.fileName());
        assertReads(model.open(folder));
    }

    @Test
    void matricesBeginAtPagesOfOnePieceOfMemory() {
        for (PackedWeights start : List.of(model.open(folder), model.open(folder))) {
            try (start) {
                List<MemorySegment> data = model.matrices.stream().map(matrix -> start.pack(matrix, model.team).data()).toList();
                assertThat(data).noneMatch(MemorySegment::isMapped);
                long first = data.getFirst().address();
                long end = data.getLast().address() + data.getLast().byteSize();
                assertThat(data).allMatch(matrix -> (matrix.address() - first) % PackFile.PAGE_BYTES == 0);
                assertThat(end - first).isLessThanOrEqualTo(model.imageBytes(0));
                start.finish();
            }
        }
    }

    @Test
    void withoutRoomInMemoryTheFileIsMapped() {
        model.room = false;
        assertPacksAnew(model.open(folder));
        assertReads(model.open(folder));
        assertThat(model.allocatedBytes).isZero();
        try (PackedWeights weights = model.open(folder)) {
            assertThat(weights.pack(model.matrices.getFirst(), model.team).data()).matches(MemorySegment::isMapped);
        }
        model.room = true;
        assertReads(model.open(folder));
        assertThat(model.allocatedBytes).isPositive();
    }

    @Test
    void theSecondStartMovesTheFileIntoMemoryWhileItIsUsed() throws Exception {
        assertPacksAnew(model.open(folder));
        try (PackedWeights weights = model.open(folder)) {
            assertThat(model.packAll(weights)).containsExactlyElementsOf(model.expected());
            List<PackedMatrix> matrices = model.matrices.stream().map(matrix -> weights.pack(matrix, model.team)).toList();
            assertThat(matrices).allMatch(matrix -> matrix.data().isMapped());
            weights.finish();
            weights.awaitMoved();
            assertThat(matrices).noneMatch(matrix -> matrix.data().isMapped());
            assertThat(model.packAll(weights)).containsExactlyElementsOf(model.expected());
        }
    }

    @Test
    void anUnfinishedFileIsNeverRead() throws IOException {
        try (PackedWeights weights = model.open(folder)) {
            model.packAll(weights);
            assertThat(files()).singleElement().asString().endsWith(CacheFolder.UNFINISHED);
            assertPacksAnew(model.open(folder));
        }
        assertThat(files()).containsExactly(SmallModel.KEY.fileName());
    }

    @Test
    void whatAKilledProcessLeavesIsDeleted() throws Exception {
        Process process = PackingProcess.start(folder, "half");
        assertThat(process.inputReader().readLine()).isEqualTo("half");
        String leftover = files().getFirst();
        assertThat(leftover).endsWith(CacheFolder.UNFINISHED);

        try (PackedWeights other = model.open(folder)) {
            assertThat(files()).as("while it lives").contains(leftover);
            process.destroyForcibly().waitFor();
            assertPacksAnew(model.open(folder));
            model.packAll(other);
        }
        assertThat(files()).containsExactly(SmallModel.KEY.fileName());
        assertReads(model.open(folder));
    }

    @Test
    void twoProcessesAtOnceDoNoHarm() throws Exception {
        List<Process> processes = List.of(PackingProcess.start(folder, "all"), PackingProcess.start(folder, "all"));
        CRC32C expected = new CRC32C();
        model.expected().forEach(expected::update);
        for (Process process : processes) {
            assertThat(process.inputReader().readLine()).isEqualTo(Long.toString(expected.getValue()));
            assertThat(process.waitFor()).isZero();
        }
        assertThat(files()).containsExactly(SmallModel.KEY.fileName());
        assertReads(model.open(folder));
    }

    @Test
    void aChangedModelIsPackedAnewInPlaceOfTheOldOne() throws IOException {
        Path file = folder.resolve("model.gguf");
        Files.writeString(file, "1234567");
        ModelKey before = ModelKey.of(List.of(file), 1).orElseThrow();
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(2)));
        ModelKey later = ModelKey.of(List.of(file), 1).orElseThrow();
        Files.writeString(file, "12345678");
        ModelKey longer = ModelKey.of(List.of(file), 1).orElseThrow();
        ModelKey otherHeader = ModelKey.of(List.of(file), 2).orElseThrow();
        Path cache = folder.resolve("cache");
        for (ModelKey key : List.of(before, later, longer, otherHeader)) {
            assertPacksAnew(model.open(model.cache(cache), key));
            assertReads(model.open(model.cache(cache), key));
        }
        assertThat(files(cache)).containsExactly(before.fileName());
        assertThat(before.fileName()).startsWith("model.gguf-").endsWith(".pack");
    }

    @Test
    void aModelInNoFileHasNoKey() {
        assertThat(ModelKey.of(List.of(), 1)).isEmpty();
        assertThat(ModelKey.of(List.of(folder.resolve("missing.gguf")), 1)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shortened", "lengthened", "empty", "another magic", "another table", "another checksum", "a long table"})
    void aDamagedFileIsPackedAnew(String damage) throws IOException {
        assertPacksAnew(model.open(folder));
        Path file = folder.resolve(SmallModel.KEY.fileName());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            switch (damage) {
                case "shortened" -> channel.truncate(channel.size() - 1);
                case "lengthened" -> channel.write(ByteBuffer.allocate(1), channel.size());
                case "empty" -> channel.truncate(0);
                case "another magic" -> flip(channel, 0);
                case "another table" -> flip(channel, PackFile.HEAD_BYTES + 70);
                case "another checksum" -> flip(channel, 12);
                case "a long table" -> flip(channel, 27);
                default -> throw new IllegalArgumentException(damage);
            }
        }
        assertPacksAnew(model.open(folder));
        assertReads(model.open(folder));
    }

    private static void flip(FileChannel channel, long offset) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        channel.read(one, offset);
        channel.write(one.put(0, (byte) ~one.get(0)).flip(), offset);
    }

    @Test
    void aFileThatMayNotBeOnTheDiskIsTrustedUntilTheSystemStartsAnew() throws IOException {
        WeightCache rebooted = new WeightCache(folder, 1L << 30, "next boot");
        PackedWeights first = model.open(folder);
        model.packAll(first);
        first.finish();

        assertPacksAnew(model.open(rebooted, SmallModel.KEY));
        first.close();
        assertReads(model.open(rebooted, SmallModel.KEY));
        assertReads(model.open(folder));
    }

    @Test
    void theLeastRecentlyUsedFilesMakeRoom() throws IOException {
        long bytes = PackedWeights.bytes(model.matrices) + 4 * PackFile.PAGE_BYTES;
        WeightCache two = new WeightCache(folder, 2 * bytes, SmallModel.BOOT);
        assertPacksAnew(model.open(two, key("old")));
        assertPacksAnew(model.open(two, key("older")));
        age("old", 20);
        age("older", 30);
        assertReads(model.open(two, key("older")));

        assertPacksAnew(model.open(two, key("new")));

        assertThat(files()).containsExactlyInAnyOrder("new.pack", "older.pack");
    }

    @Test
    void aFileInUseStays() throws IOException {
        long bytes = PackedWeights.bytes(model.matrices) + 4 * PackFile.PAGE_BYTES;
        WeightCache one = new WeightCache(folder, bytes, SmallModel.BOOT);
        assertPacksAnew(model.open(one, key("used")));
        try (PackedWeights used = model.open(one, key("used"))) {
            assertPacksInMemory(model.open(one, key("new")), "has no room for");
            assertThat(model.packAll(used)).containsExactlyElementsOf(model.expected());
        }
        assertThat(files()).containsExactly("used.pack");
        assertPacksAnew(model.open(one, key("new")));
        assertThat(files()).containsExactly("new.pack");
    }

    private static ModelKey key(String name) {
        return new ModelKey(name + ".pack", name);
    }

    private void age(String name, long seconds) throws IOException {
        Files.setLastModifiedTime(folder.resolve(name + ".pack"), FileTime.from(Instant.now().minusSeconds(seconds)));
    }

    @Test
    void aModelAboveTheLimitStaysInMemory() throws IOException {
        WeightCache small = new WeightCache(folder, PackedWeights.bytes(model.matrices), SmallModel.BOOT);
        assertPacksInMemory(model.open(small, SmallModel.KEY), "has no room for 2 MB");
        assertThat(files()).isEmpty();
    }

    @Test
    void aFolderThatCannotBeMadeMeansMemory() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        assertPacksInMemory(model.open(file.resolve("cache")), "cannot write to the cache " + file.resolve("cache"));
    }

    /** An interrupt closes the file, as a full disk would end it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWriteThatFailsHalfWayMeansMemoryForTheRest(boolean room) throws IOException {
        try (SmallModel alone = new SmallModel(1)) {
            alone.room = room;
            List<byte[]> packed;
            try (PackedWeights weights = alone.open(folder)) {
                byte[] first = alone.bytes(weights, alone.matrices.getFirst());
                Thread.currentThread().interrupt();
                packed = List.of(first, alone.bytes(weights, alone.matrices.get(1)), alone.bytes(weights, alone.matrices.get(2)));
                assertThat(Thread.interrupted()).isTrue();
                weights.finish();
            }
            assertThat(packed).containsExactlyElementsOf(alone.expected());
            assertThat(alone.notices).singleElement().asString().startsWith("the rest of the packed weights stays in memory");
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void aMatrixThatWasNotPlannedIsPackedInMemory() {
        try (Arena arena = Arena.ofShared()) {
            Tensor other = new RandomTensors(arena).tensor("other", NumberFormat.BF16, 20, 33);
            try (PackedWeights weights = model.open(folder)) {
                model.packAll(weights);
                weights.finish();
                PackedMatrix packed = weights.pack(other, model.team);
                assertThat(PanelElements.element(packed, 19, 32)).isEqualTo(number(other, 19, 32));
                assertThat(weights.pack(other, model.team)).as("asked for again").isSameAs(packed);
            }
        }
    }

    private static float number(Tensor tensor, int row, int column) {
        float[] numbers = new float[tensor.columns()];
        tensor.decodeRow(row, numbers, 0);
        return numbers[column];
    }

    @Test
    void smallModelsAreNotCached() throws IOException {
        Optional<WeightCache> cache = Optional.of(model.cache(folder));
        try (PackedWeights weights = PackedWeights.open(model.matrices, Optional.of(SmallModel.KEY), cache, model, model)) {
            model.packAll(weights);
            weights.finish();
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void largeModelsAreCached() throws IOException {
        try (Arena arena = Arena.ofShared()) {
            int columns = Math.toIntExact(PackedWeights.LEAST_CACHED_BYTES / 64);
            List<Tensor> large = List.of(new RandomTensors(arena).tensor("large", NumberFormat.F32, 1, columns));
            Optional<WeightCache> cache = Optional.of(model.cache(folder));
            try (PackedWeights weights = PackedWeights.open(large, Optional.of(SmallModel.KEY), cache, model, model)) {
                weights.pack(large.getFirst(), model.team);
                weights.finish();
            }
            assertThat(files()).containsExactly(SmallModel.KEY.fileName());
        }
    }

    private void assertPacksAnew(PackedWeights weights) {
        model.doneBytes = 0;
        try (weights) {
            assertThat(model.packAll(weights)).containsExactlyElementsOf(model.expected());
            weights.finish();
        }
        assertThat(model.doneBytes).as("packed bytes").isPositive();
        assertThat(model.notices).isEmpty();
    }

    private void assertReads(PackedWeights weights) {
        model.doneBytes = 0;
        try (weights) {
            assertThat(model.packAll(weights)).containsExactlyElementsOf(model.expected());
            weights.finish();
        }
        assertThat(model.doneBytes).as("packed bytes").isZero();
        assertThat(model.notices).isEmpty();
    }

    private void assertPacksInMemory(PackedWeights weights, String reason) {
        try (weights) {
            assertThat(model.packAll(weights)).containsExactlyElementsOf(model.expected());
            weights.finish();
        }
        assertThat(model.notices).singleElement().asString().contains(reason);
        model.notices.clear();
    }

    private List<String> files() throws IOException {
        return files(folder);
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
