package dev.ondine.kernels.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class PagesTest {

    private static final long FILE_BYTES = 8L << 20;

    private final Pages pages = new Pages(TestHost.here());

    @TempDir
    private Path folder;

    @Test
    @EnabledOnOs(OS.LINUX)
    void allocatesOnHugePagesAndGivesThemBack() throws IOException {
        Arena arena = Arena.ofShared();
        MemorySegment memory = pages.allocate(arena, (16L << 20) + 7);
        assertThat(mapping(memory.address(), "VmFlags:")).contains(" hg");
        assertThat(memory.byteSize()).isEqualTo((16L << 20) + 7);
        assertThat(memory.address() % (2L << 20)).isZero();
        assertThat(memory.mismatch(MemorySegment.ofArray(new byte[(int) memory.byteSize()]))).isEqualTo(-1);
        memory.fill((byte) 1);
        arena.close();
        assertThatThrownBy(() -> mapping(memory.address(), "VmFlags:")).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void allocatesAnySizeOnAnySystem() {
        try (Arena arena = Arena.ofConfined()) {
            for (Pages any : List.of(pages, new Pages(new Host("Windows 11", "amd64")))) {
                assertThat(any.allocate(arena, 0).byteSize()).isZero();
                assertThat(any.allocate(arena, 1000).address() % 64).isZero();
                assertThatThrownBy(() -> any.allocate(arena, -1)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> any.allocate(arena, 1L << 60)).isInstanceOf(OutOfMemoryError.class);
            }
        }
    }

    @Test
    void hasRoomForWhatLeavesAReserve() {
        Pages tight = new Pages(TestHost.here(), () -> 1L << 30);
        assertThat(tight.hasRoom(1L << 29)).isTrue();
        assertThat(tight.hasRoom((1L << 29) + 1)).isFalse();
        assertThat(pages.hasRoom(1L << 40)).isTrue();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void populatesAndReleasesAMappedFile() throws IOException {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment file = mappedFile(arena);
            assertThat(residentKilobytes(file)).isLessThan(FILE_BYTES >> 10);
            assertThat(pages.populate(file)).isTrue();
            assertThat(residentKilobytes(file)).isEqualTo(FILE_BYTES >> 10);
            assertThat(pages.release(file)).isTrue();
            assertThat(residentKilobytes(file)).isZero();
            assertThat(file.get(ValueLayout.JAVA_BYTE, 12_345)).isEqualTo((byte) (12_345 % 101));
        }
    }

    @Test
    void refusesToReleaseWhatIsNoFile() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(1 << 16);
            assertThatThrownBy(() -> pages.release(memory)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> pages.release(memory.asReadOnly())).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusesToReleaseWhatIsNoLongerMapped() throws IOException {
        Arena arena = Arena.ofShared();
        MemorySegment file = mappedFile(arena);
        arena.close();
        assertThatThrownBy(() -> pages.release(file)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void doesNothingElsewhereNorToLessThanAPage() throws IOException {
        try (Arena arena = Arena.ofShared()) {
            assertThat(new Pages(new Host("Mac OS X", "aarch64")).populate(mappedFile(arena))).isFalse();
            assertThat(pages.release(mappedFile(arena).asSlice(1, 4095))).isFalse();
        }
    }

    private MemorySegment mappedFile(Arena arena) throws IOException {
        byte[] bytes = new byte[(int) FILE_BYTES];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i % 101);
        }
        try (FileChannel channel = FileChannel.open(Files.write(folder.resolve("file"), bytes))) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, FILE_BYTES, arena);
        }
    }

    private static long residentKilobytes(MemorySegment memory) throws IOException {
        return Long.parseLong(mapping(memory.address(), "Rss:").replaceAll("\\D", ""));
    }

    /** The line of this name in what the system says of the mapping that an address lies in. */
    private static String mapping(long address, String name) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/self/smaps"));
        int line = 0;
        while (!holds(lines.get(line), address)) {
            line++;
        }
        while (!lines.get(line).startsWith(name)) {
            line++;
        }
        return lines.get(line);
    }

    private static boolean holds(String line, long address) {
        String[] range = line.split("[- ]", 3);
        return line.matches("[0-9a-f]+-[0-9a-f]+ .*") && Long.compareUnsigned(Long.parseUnsignedLong(range[0], 16), address) <= 0
                && Long.compareUnsigned(address, Long.parseUnsignedLong(range[1], 16)) < 0;
    }
}
