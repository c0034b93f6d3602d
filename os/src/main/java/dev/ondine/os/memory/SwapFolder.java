package dev.ondine.os.memory;

import dev.ondine.models.SequenceState;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Where caches go that have no room in memory: files that only their owner can read, that lose their name as soon as they are open
 * where the system allows that, and so end with the process however it ends. What another left behind is deleted at the start.
 *
 * <p>A disk that is full or fails is no error here: the cache is then not kept, and is computed again.
 */
public final class SwapFolder implements AutoCloseable {

    private static final String SUFFIX = ".ondine-swap";
    private static final Set<OpenOption> OPTIONS = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
            StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);

    private final Path folder;
    private final long mostBytes;
    private final FileAttribute<?>[] ownerOnly;
    private long usedBytes;

    /**
     * Makes the folder if it is not there.
     *
     * @param mostBytes of all files together
     * @throws IOException if there can be no such folder
     */
    public SwapFolder(Path folder, long mostBytes) throws IOException {
        if (mostBytes < 0) {
            throw new IllegalArgumentException("swapped caches may take %d bytes, expected 0 or more".formatted(mostBytes));
        }
        this.folder = folder;
        this.mostBytes = mostBytes;
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        this.ownerOnly = posix ? attributes("rw-------") : new FileAttribute<?>[0];
        Files.createDirectories(folder, posix ? attributes("rwx------") : new FileAttribute<?>[0]);
        deleteLeftovers();
    }

    private static FileAttribute<?>[] attributes(String permissions) {
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))};
    }

    /** Another process's open files cannot be deleted where they still have a name; they are its own to delete. */
    private void deleteLeftovers() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                deleteIfPossible(file);
            }
        }
    }

    private static void deleteIfPossible(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException inUse) {
            // Left to its owner.
        }
    }

    /** Bytes of all files. */
    public long usedBytes() {
        return usedBytes;
    }

    /** Bytes that may still be written. */
    public long freeBytes() {
        return mostBytes - usedBytes;
    }

    /** A cache in a file. Close it to delete it. */
    public final class SwappedSequence implements AutoCloseable {

        private final FileChannel file;
        private final long bytes;

        private SwappedSequence(FileChannel file, long bytes) {
            this.file = file;
            this.bytes = bytes;
            usedBytes += bytes;
        }

        /** Of the file. */
        public long bytes() {
            return bytes;
        }

        /** The file from its beginning, for {@link dev.ondine.models.KvBlockPool#read}. */
        public FileChannel rewound() throws IOException {
            return file.position(0);
        }

        @Override
        public void close() {
            usedBytes -= bytes;
            closeQuietly(file);
        }
    }

    /** Writes a cache; empty if it has no place or the disk fails. The sequence stays as it is. */
    public Optional<SwappedSequence> write(SequenceState sequence) {
        if (sequence.heldBytes() > freeBytes()) {
            return Optional.empty();
        }
        FileChannel file;
        try {
            file = FileChannel.open(folder.resolve(UUID.randomUUID() + SUFFIX), OPTIONS, ownerOnly);
        } catch (IOException e) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SwappedSequence(file, sequence.write(file)));
        } catch (IOException e) {
            closeQuietly(file);
            return Optional.empty();
        }
    }

    private static void closeQuietly(FileChannel file) {
        try {
            file.close();
        } catch (IOException e) {
            // What is left of it goes when the next process starts.
        }
    }

    /** Deletes what is left; files that are still in use end with their sequences. */
    @Override
    public void close() {
        try {
            deleteLeftovers();
        } catch (IOException gone) {
            // Then nothing is left.
        }
    }
}
