package dev.ondine.kernels.panel;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The folder of packed weights: whole files, and unfinished ones that a process is writing. Whoever uses or writes a file holds a
 * lock on it, which the system frees with the process; what is locked is not deleted.
 */
final class CacheFolder {

    /** Ending of whole files. */
    static final String PACKED = ".pack";
    /** Ending of unfinished files. */
    static final String UNFINISHED = ".unfinished";

    /** Left free on the disk for others. */
    private static final long RESERVE_BYTES = 1L << 30;

    private final WeightCache cache;

    CacheFolder(WeightCache cache) {
        this.cache = cache;
    }

    Path file(ModelKey key) {
        return cache.folder().resolve(key.fileName());
    }

    /** Notes that a file is used now, and keeps others from deleting it as long as the channel is open. Empty if it is gone. */
    static Optional<FileChannel> use(Path file) {
        FileChannel channel;
        try {
            channel = FileChannel.open(file);
        } catch (IOException gone) {
            return Optional.empty();
        }
        try {
            channel.tryLock(0, Long.MAX_VALUE, true);
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        } catch (IOException | OverlappingFileLockException unmarked) {
            // In a folder that cannot be written nobody deletes the file; a lock may be held by this process already.
        }
        return Optional.of(channel);
    }

    /**
     * Opens a new unfinished file under a name that no other process has, after making room for it.
     *
     * @return empty if it would not fit; {@code bytes} on the disk and below the limit
     */
    Optional<Path> unfinished(ModelKey key, long bytes) throws IOException {
        Files.createDirectories(cache.folder());
        deleteLeftovers();
        if (!makeRoom(file(key), cache.limitBytes() - bytes)
                || Files.getFileStore(cache.folder()).getUsableSpace() < bytes + RESERVE_BYTES) {
            return Optional.empty();
        }
        return Optional.of(cache.folder().resolve(key.fileName() + "-" + UUID.randomUUID() + UNFINISHED));
    }

    /** Unfinished files of processes that ended. */
    private void deleteLeftovers() throws IOException {
        for (Path file : files(UNFINISHED)) {
            deleteUnlessLocked(file);
        }
    }

    /** Deletes the least recently used files until the others, but for the one that will be replaced, take at most so many bytes. */
    private boolean makeRoom(Path replaced, long mostBytes) throws IOException {
        if (mostBytes < 0) {
            return false;
        }
        List<Path> others = files(PACKED).stream().filter(file -> !file.equals(replaced))
                .sorted(Comparator.comparing(CacheFolder::lastUse)).toList();
        long bytes = others.stream().mapToLong(CacheFolder::bytes).sum();
        for (Path file : others) {
            long size = bytes(file);
            if (bytes > mostBytes && deleteUnlessLocked(file)) {
                bytes -= size;
            }
        }
        return bytes <= mostBytes;
    }

    private List<Path> files(String ending) throws IOException {
        try (Stream<Path> files = Files.list(cache.folder())) {
            return files.filter(file -> file.getFileName().toString().endsWith(ending)).toList();
        }
    }

    private static boolean deleteUnlessLocked(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null && Files.deleteIfExists(file);
        } catch (IOException | OverlappingFileLockException inUse) {
            return false;
        }
    }

    private static FileTime lastUse(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException gone) {
            return FileTime.fromMillis(0);
        }
    }

    private static long bytes(Path file) {
        try {
            return Files.size(file);
        } catch (IOException gone) {
            return 0;
        }
    }
}
