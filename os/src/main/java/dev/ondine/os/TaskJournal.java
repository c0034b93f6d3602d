package dev.ondine.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A folder of durable tasks, a file each: they outlive the process, whatever ends it. Only their owner can read them, and only one
 * process at a time has the folder. Any thread may use it.
 */
public final class TaskJournal implements AutoCloseable {

    private static final String SUFFIX = ".task";

    private final Path folder;
    private final FileChannel lock;
    private final FileAttribute<?>[] ownerOnly;

    private TaskJournal(Path folder, FileChannel lock, FileAttribute<?>[] ownerOnly) {
        this.folder = folder;
        this.lock = lock;
        this.ownerOnly = ownerOnly;
    }

    /**
     * Opens a folder; makes it if it is not there.
     *
     * @param kept how long what came of tasks is kept for those who ask
     * @throws IllegalStateException if another process has it
     * @throws UncheckedIOException  if it cannot be read or written
     */
    public static TaskJournal open(Path folder, Duration kept) {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownerOnly = posix ? attributes("rw-------") : new FileAttribute<?>[0];
        try {
            Files.createDirectories(folder, posix ? attributes("rwx------") : new FileAttribute<?>[0]);
            if (posix) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            }
            TaskJournal journal = new TaskJournal(folder, locked(folder, ownerOnly), ownerOnly);
            journal.deleteBefore(Instant.now().minus(kept));
            return journal;
        } catch (IOException e) {
            throw new UncheckedIOException("the journal %s cannot be opened: %s".formatted(folder, e.getMessage()), e);
        }
    }

    private static FileAttribute<?>[] attributes(String permissions) {
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))};
    }

    private static FileChannel locked(Path folder, FileAttribute<?>[] ownerOnly) throws IOException {
        FileChannel channel = FileChannel.open(folder.resolve("lock"), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), ownerOnly);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // Another part of this process has it, which is the same.
        }
        channel.close();
        throw new IllegalStateException("the journal %s is in use; end the other process or choose another folder".formatted(folder));
    }

    private void deleteBefore(Instant oldest) throws IOException {
        for (JournalEntry entry : entries()) {
            if (!(entry instanceof JournalEntry.Unfinished)
                    && Files.getLastModifiedTime(path(entry.id())).toInstant().isBefore(oldest)) {
                Files.deleteIfExists(path(entry.id()));
            }
        }
    }

    /** All tasks, in the order of their numbers, which is that in which they came. */
    public List<JournalEntry> entries() {
        return ids().stream().map(id -> JournalFile.read(path(id), id)).toList();
    }

    /** Tasks that have not ended. */
    public List<JournalEntry.Unfinished> unfinished() {
        return entries().stream().filter(JournalEntry.Unfinished.class::isInstance).map(JournalEntry.Unfinished.class::cast).toList();
    }

    /** A task of this process or an earlier one. */
    public Optional<JournalEntry> find(long id) {
        return Files.exists(path(id)) ? Optional.of(JournalFile.read(path(id), id)) : Optional.empty();
    }

    /** Deletes what is known of a task. @return false if nothing is */
    public boolean forget(long id) {
        try {
            return Files.deleteIfExists(path(id));
        } catch (IOException e) {
            throw new UncheckedIOException("the journal cannot delete task %d: %s".formatted(id, e.getMessage()), e);
        }
    }

    private List<Long> ids() {
        List<Long> ids = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                String number = name.substring(0, name.length() - SUFFIX.length());
                if (number.matches("[0-9]{1,18}")) {
                    ids.add(Long.valueOf(number));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the journal %s cannot be read: %s".formatted(folder, e.getMessage()), e);
        }
        ids.sort(Comparator.naturalOrder());
        return ids;
    }

    private Path path(long id) {
        return folder.resolve(id + SUFFIX);
    }

    /** A number that no task of this folder has had: those of earlier processes may still be asked for. */
    long firstFreeId() {
        return Math.max(ids().stream().mapToLong(id -> id).max().orElse(0), Instant.now().toEpochMilli()) + 1;
    }

    JournalFile create(StoredTask task) {
        return JournalFile.create(path(task.id()), task, ownerOnly);
    }

    JournalFile goOn(long id) {
        return JournalFile.goOn(path(id));
    }

    /** Lets another process have the folder; tasks' files that are open stay open. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            // The lock ends with the process.
        }
    }
}
