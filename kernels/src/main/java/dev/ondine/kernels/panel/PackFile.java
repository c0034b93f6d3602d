package dev.ondine.kernels.panel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A file of packed weights, read: its table, and its bytes mapped.
 *
 * <p>The file: a head of 32 bytes (magic, 1 if all is on the disk, checksum of the table, bytes of the file, bytes of the table), the
 * {@link PackTable}, then each matrix from the start of a page on.
 *
 * @param onDisk whether the file was forced to the disk
 */
record PackFile(PackTable table, MemorySegment contents, boolean onDisk) {

    static final int HEAD_BYTES = 32;
    /** Matrices begin at multiples of this: whole pages on most systems, whole lines on all. */
    static final long PAGE_BYTES = 4096;

    /** ONDPACK1 */
    private static final long MAGIC = 0x4f4e4450_41434b31L;
    private static final int ON_DISK_OFFSET = 8;
    /** Far above any model's table; keeps a broken file from asking for absurd amounts of memory. */
    private static final long MOST_TABLE_BYTES = 64L << 20;

    /** The head and the table of a file of so many bytes. */
    static ByteBuffer start(byte[] table, long fileBytes) {
        return ByteBuffer.allocate(HEAD_BYTES + table.length).putLong(MAGIC).putInt(0).putInt(checksum(table)).putLong(fileBytes)
                .putLong(table.length).put(table).flip();
    }

    /**
     * Opens a file if it holds what this model would be packed to.
     *
     * @param arena owns the mapping
     * @return empty if there is no such file, or it was made of something else, or it is damaged
     */
    static Optional<PackFile> open(Path path, ModelKey key, String bootId, Arena arena) {
        try (FileChannel channel = FileChannel.open(path)) {
            ByteBuffer head = read(channel, 0, HEAD_BYTES);
            long magic = head.getLong();
            boolean onDisk = head.getInt() == 1;
            int checksum = head.getInt();
            long fileBytes = head.getLong();
            long tableBytes = head.getLong();
            if (magic != MAGIC || fileBytes != channel.size() || tableBytes < 0 || tableBytes > MOST_TABLE_BYTES) {
                return Optional.empty();
            }
            byte[] bytes = read(channel, HEAD_BYTES, (int) tableBytes).array();
            if (checksum(bytes) != checksum) {
                return Optional.empty();
            }
            PackTable table = PackTable.of(bytes);
            boolean whole = onDisk || !bootId.isEmpty() && table.bootId().equals(bootId);
            return whole && isOf(table, key) && liesWithin(table, fileBytes)
                    ? Optional.of(new PackFile(table, channel.map(MapMode.READ_ONLY, 0, fileBytes, arena), onDisk)) : Optional.empty();
        } catch (IOException | IllegalArgumentException | ArithmeticException unusable) {
            return Optional.empty();
        }
    }

    private static boolean isOf(PackTable table, ModelKey key) {
        return table.layoutVersion() == PanelLayout.VERSION && table.identity().equals(key.identity());
    }

    private static boolean liesWithin(PackTable table, long fileBytes) {
        return table.entries().values().stream().allMatch(entry -> entry.offset() >= 0 && entry.offset() % PAGE_BYTES == 0
                && entry.offset() <= fileBytes - entry.bytes());
    }

    private static ByteBuffer read(FileChannel channel, long offset, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw new IOException("ends early");
            }
        }
        return buffer.flip();
    }

    private static int checksum(byte[] table) {
        CRC32C checksum = new CRC32C();
        checksum.update(table);
        return (int) checksum.getValue();
    }

    MemorySegment data(PackTable.Entry entry) {
        return contents.asSlice(entry.offset(), entry.bytes());
    }

    /** Waits until a finished file is on the disk and notes that in it, so that it is trusted when the system has started anew. */
    static void forceToDisk(FileChannel channel) throws IOException {
        channel.force(true);
        channel.write(ByteBuffer.allocate(Integer.BYTES).putInt(1).flip(), ON_DISK_OFFSET);
        channel.force(false);
    }
}
