package dev.ondine.models;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A sequence's cache as bytes. Little-endian: the name and version of the form (8 bytes), the checksum of the layout (8), the length
 * in positions (4), for each group the index of its first block (4); then all blocks of each group, and last the checksum of
 * everything before it (8).
 */
final class SequenceFile {

    private static final long NAME_AND_VERSION = ByteBuffer.wrap("ondkv\0\0\1".getBytes(StandardCharsets.ISO_8859_1)).getLong();
    private static final int FIXED_HEADER_BYTES = 20;
    private static final int CHECKSUM_BYTES = Long.BYTES;

    private final KvBlockPool pool;
    private final KvLayout layout;
    private final CRC32C checksum = new CRC32C();
    private final int headerBytes;

    private SequenceFile(KvBlockPool pool) {
        this.pool = pool;
        this.layout = pool.layout();
        this.headerBytes = FIXED_HEADER_BYTES + Integer.BYTES * layout.groups().size();
    }

    /** @return bytes written */
    static long write(SequenceState sequence, WritableByteChannel channel) throws IOException {
        return new SequenceFile(sequence.pool()).writeAll(sequence, channel);
    }

    static SequenceState read(KvBlockPool pool, ReadableByteChannel channel) throws IOException {
        return new SequenceFile(pool).readAll(channel);
    }

    private long writeAll(SequenceState sequence, WritableByteChannel channel) throws IOException {
        writeSummed(header(sequence), channel);
        for (int group = 0; group < layout.groups().size(); group++) {
            KvTable table = sequence.table(group);
            for (int index = table.first(); index < table.end(); index++) {
                writeSummed(table.block(index).asByteBuffer(), channel);
            }
        }
        writeFully(littleEndian(CHECKSUM_BYTES).putLong(checksum.getValue()).flip(), channel);
        return headerBytes + sequence.heldBytes() + CHECKSUM_BYTES;
    }

    private ByteBuffer header(SequenceState sequence) {
        ByteBuffer header = littleEndian(headerBytes).putLong(NAME_AND_VERSION).putLong(layoutChecksum()).putInt(sequence.length());
        for (int group = 0; group < layout.groups().size(); group++) {
            header.putInt(sequence.table(group).first());
        }
        return header.flip();
    }

    private long layoutChecksum() {
        CRC32C sum = new CRC32C();
        sum.update(layout.toString().getBytes(StandardCharsets.UTF_8));
        sum.update(pool.seal().getBytes(StandardCharsets.UTF_8));
        return sum.getValue();
    }

    private void writeSummed(ByteBuffer bytes, WritableByteChannel channel) throws IOException {
        checksum.update(bytes.duplicate());
        writeFully(bytes, channel);
    }

    private static void writeFully(ByteBuffer bytes, WritableByteChannel channel) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private SequenceState readAll(ReadableByteChannel channel) throws IOException {
        ByteBuffer header = readSummed(littleEndian(headerBytes), channel);
        requireEqual("the form of the file", NAME_AND_VERSION, header.getLong());
        requireEqual("the checksum of its model's layout", layoutChecksum(), header.getLong());
        int length = header.getInt();
        int[] firsts = new int[layout.groups().size()];
        Arrays.setAll(firsts, _ -> header.getInt());
        requireBlocks(length, firsts);
        SequenceState sequence = pool.newSequence();
        try {
            sequence.fill(firsts, length);
            readBlocks(sequence, channel);
            return sequence;
        } catch (IOException | RuntimeException | Error e) {
            sequence.close();
            throw e;
        }
    }

    private void requireBlocks(int length, int[] firsts) throws IOException {
        if (length < 0) {
            throw new IOException("a saved sequence has %d positions, expected 0 or more; delete the file".formatted(length));
        }
        int end = Math.ceilDiv(length, KvLayout.BLOCK_POSITIONS);
        long bytes = 0;
        for (int group = 0; group < firsts.length; group++) {
            int mostFirst = layout.groups().get(group).firstNeeded(length);
            if (firsts[group] < 0 || firsts[group] > mostFirst) {
                throw new IOException("a saved sequence of %d positions begins with block %d, expected 0 to %d; delete the file"
                        .formatted(length, firsts[group], mostFirst));
            }
            bytes = Math.addExact(bytes, Math.multiplyExact((long) end - firsts[group], layout.groups().get(group).blockBytes()));
        }
        pool.requireRoom(bytes);
    }

    private void readBlocks(SequenceState sequence, ReadableByteChannel channel) throws IOException {
        for (int group = 0; group < layout.groups().size(); group++) {
            KvTable table = sequence.table(group);
            for (int index = table.first(); index < table.end(); index++) {
                MemorySegment block = table.block(index);
                readSummed(block.asByteBuffer(), channel);
            }
        }
        long expected = checksum.getValue();
        requireEqual("the checksum of its contents", expected, readFully(littleEndian(CHECKSUM_BYTES), channel).getLong());
    }

    private ByteBuffer readSummed(ByteBuffer target, ReadableByteChannel channel) throws IOException {
        readFully(target, channel);
        checksum.update(target.duplicate());
        return target;
    }

    private static ByteBuffer readFully(ByteBuffer target, ReadableByteChannel channel) throws IOException {
        while (target.hasRemaining()) {
            if (channel.read(target) < 0) {
                throw new IOException("a saved sequence ends %d bytes too early; delete the file".formatted(target.remaining()));
            }
        }
        return target.flip();
    }

    private static void requireEqual(String what, long expected, long found) throws IOException {
        if (found != expected) {
            throw new IOException("not a saved sequence of this model: %s is %x, expected %x; delete the file"
                    .formatted(what, found, expected));
        }
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
