package dev.ondine.os.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.models.KvBlockPool;
import dev.ondine.models.SequenceState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SwapFolderTest {

    @TempDir
    Path parent;

    private static long files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    @Test
    void whatIsWrittenComesBackAndIsDeleted() throws IOException {
        Path folder = parent.resolve("swap");
        try (SwapFolder swap = new SwapFolder(folder, 1 << 20); KvBlockPool pool = new KvBlockPool(Grown.FULL, 1 << 20);
             SequenceState state = Grown.sequence(pool, Grown.FULL, 100)) {
            SwapFolder.SwappedSequence file = swap.write(state).orElseThrow();
            assertThat(file.bytes()).isEqualTo(swap.usedBytes()).isGreaterThan(state.heldBytes());
            for (int time = 0; time < 2; time++) {
                try (SequenceState read = pool.read(file.rewound())) {
                    assertThat(read.length()).isEqualTo(100);
                }
            }
            file.close();
            assertThat(swap.usedBytes()).isZero();
            assertThat(files(folder)).isZero();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void nobodyElseCanReadIt() throws IOException {
        Path folder = parent.resolve("swap");
        try (SwapFolder swap = new SwapFolder(folder, 1 << 20); KvBlockPool pool = new KvBlockPool(Grown.FULL, 1 << 20);
             SequenceState state = Grown.sequence(pool, Grown.FULL, 100);
             SwapFolder.SwappedSequence file = swap.write(state).orElseThrow()) {
            assertThat(file.bytes()).isPositive();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))).isEqualTo("rwx------");
            assertThat(files(folder)).as("it has no name any more").isZero();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(openFile(folder)))).isEqualTo("rw-------");
        }
    }

    /** The open file as the system shows it, by the folder it was in. */
    private static Path openFile(Path folder) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(Files::isSymbolicLink).filter(link -> {
                try {
                    return Files.readSymbolicLink(link).startsWith(folder.toRealPath());
                } catch (IOException closed) {
                    return false;
                }
            }).findFirst().orElseThrow();
        }
    }

    @Test
    void whatAnotherProcessLeftIsDeletedAndNothingElse() throws IOException {
        Files.writeString(parent.resolve("old.ondine-swap"), "left behind");
        Files.writeString(parent.resolve("notes.txt"), "not ours");
        try (SwapFolder swap = new SwapFolder(parent, 1 << 20)) {
            assertThat(swap.usedBytes()).isZero();
            assertThat(parent.resolve("old.ondine-swap")).doesNotExist();
            assertThat(parent.resolve("notes.txt")).exists();
        }
    }

    @Test
    void takesNoMoreThanItMay() throws IOException {
        try (KvBlockPool pool = new KvBlockPool(Grown.FULL, 1 << 20); SequenceState state = Grown.sequence(pool, Grown.FULL, 100);
             SwapFolder swap = new SwapFolder(parent, 2 * state.heldBytes() + 200)) {
            SwapFolder.SwappedSequence first = swap.write(state).orElseThrow();
            SwapFolder.SwappedSequence second = swap.write(state).orElseThrow();
            assertThat(swap.write(state)).isEmpty();
            first.close();
            Optional<SwapFolder.SwappedSequence> third = swap.write(state);
            assertThat(third).isPresent();
            third.get().close();
            second.close();
        }
    }

    @Test
    void aFolderThatIsGoneIsNoError() throws IOException {
        Path folder = parent.resolve("swap");
        try (SwapFolder swap = new SwapFolder(folder, 1 << 20); KvBlockPool pool = new KvBlockPool(Grown.FULL, 1 << 20);
             SequenceState state = Grown.sequence(pool, Grown.FULL, 100)) {
            Files.delete(folder);
            assertThat(swap.write(state)).isEmpty();
            assertThat(swap.usedBytes()).isZero();
        }
    }

    @Test
    void aFolderThatCannotBeIsRefused() throws IOException {
        Path file = Files.writeString(parent.resolve("file"), "");
        assertThatThrownBy(() -> new SwapFolder(file, 1)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new SwapFolder(parent, -1)).hasMessageContaining("expected 0 or more");
    }
}
