package dev.ondine.os;

import dev.ondine.os.RecordReader.DamagedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The file of one durable task: how it was submitted, then what came of it, record by record. A record is with the operating system
 * before the call returns, so it outlives the process however that ends. One thread uses it at a time.
 */
final class JournalFile implements AutoCloseable {

    private static final int SUBMITTED = 1;
    private static final int PICKED = 2;
    private static final int GIVEN = 3;
    private static final int ENDED = 4;

    private final FileChannel channel;

    private JournalFile(FileChannel channel) {
        this.channel = channel;
    }

    /** A new file, on the disk when this returns. */
    static JournalFile create(Path path, StoredTask task, FileAttribute<?>... attributes) {
        try {
            Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            JournalFile file = new JournalFile(FileChannel.open(path, options, attributes));
            RecordWriter out = new RecordWriter(SUBMITTED);
            StoredTaskCodec.write(task, out);
            file.append(out);
            file.channel.force(true);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("the journal cannot take the task: " + e.getMessage(), e);
        }
    }

    /** A file of another process to go on with, without what was not written to its end. */
    static JournalFile goOn(Path path) {
        try {
            int wholeBytes = RecordReader.read(Files.readAllBytes(path)).wholeBytes();
            FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
            channel.truncate(wholeBytes).position(wholeBytes);
            return new JournalFile(channel);
        } catch (IOException e) {
            throw new UncheckedIOException("the journal cannot go on with a task: " + e.getMessage(), e);
        }
    }

    void picked(int token) {
        append(new RecordWriter(PICKED).add(token));
    }

    void given(int[] tokens) {
        append(new RecordWriter(GIVEN).add(tokens));
    }

    void ended(TaskResult result) {
        RecordWriter out = new RecordWriter(ENDED);
        StoredTaskCodec.write(result, out);
        append(out);
    }

    private void append(RecordWriter record) {
        try {
            for (ByteBuffer bytes = record.finish(); bytes.hasRemaining(); ) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the journal cannot be written: " + e.getMessage(), e);
        }
    }

    /** What a file tells. @param id that the file's name says */
    static JournalEntry read(Path path, long id) {
        try {
            List<RecordReader> records = RecordReader.read(Files.readAllBytes(path)).records();
            if (records.isEmpty() || records.getFirst().kind() != SUBMITTED) {
                return new JournalEntry.Lost(id, "its file ends before it was taken");
            }
            StoredTask task = StoredTaskCodec.readTask(records.getFirst());
            if (task.id() != id) {
                return new JournalEntry.Lost(id, "its file is that of task " + task.id());
            }
            return entry(task, records.subList(1, records.size()));
        } catch (IOException | DamagedException e) {
            return new JournalEntry.Lost(id, "its file cannot be read: " + e.getMessage());
        }
    }

    private static JournalEntry entry(StoredTask task, List<RecordReader> records) {
        List<JournalEntry.Piece> pieces = new ArrayList<>();
        for (RecordReader record : records) {
            switch (record.kind()) {
                case PICKED -> pieces.add(new JournalEntry.Piece.Picked(record.nextInt()));
                case GIVEN -> pieces.add(new JournalEntry.Piece.Given(record.nextInts()));
                case ENDED -> {
                    return new JournalEntry.Ended(task, StoredTaskCodec.readResult(record));
                }
                default -> throw new DamagedException("it has a record of kind %d".formatted(record.kind()));
            }
        }
        return new JournalEntry.Unfinished(task, List.copyOf(pieces));
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // All that matters is written by then.
        }
    }
}
