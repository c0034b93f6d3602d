package dev.ondine.kernels.panel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What a file of packed weights says of itself.
 *
 * <p>The file: a head of 32 bytes (magic, 1 if all is on the disk, checksum of the table, bytes of the file, bytes of the table), the
 * {@link PackTable}, then each matrix from the start of a page on.
 *
 * @param onDisk whether the file was forced to the disk
 */
record PackFile(PackTable table, long bytes, boolean onDisk) {

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
     * Reads the start of a file.
     *
     * @return empty if the file does not hold what this model would be packed to, or is damaged
     */
    static Optional<PackFile> read(FileChannel channel, ModelKey key, String bootId) {
        try {
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
                    ? Optional.of(new PackFile(table, fileBytes, onDisk)) : Optional.empty();
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
        fill(buffer, channel, offset);
        return buffer.flip();
    }

    /** Fills an empty buffer with what a file has from an offset on. */
    static void fill(ByteBuffer buffer, FileChannel channel, long offset) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw new IOException("the file ends early");
            }
        }
    }

    private static int checksum(byte[] table) {
        CRC32C checksum = new CRC32C();
        checksum.update(table);
        return (int) checksum.getValue();
    }

    /** Waits until a finished file is on the disk and notes that in it, so that it is trusted when the system has started anew. */
    static void forceToDisk(FileChannel channel) throws IOException {
        channel.force(true);
        channel.write(ByteBuffer.allocate(Integer.BYTES).putInt(1).flip(), ON_DISK_OFFSET);
        channel.force(false);
    }
}
