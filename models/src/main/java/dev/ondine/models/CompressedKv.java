package dev.ondine.models;

import dev.ondine.tensor.NumberFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A sequence's cache, set aside in Q8_0: about half of an F16 cache, a quarter of an F32 one. Numbers are rounded to 8 bits, so the
 * restored sequence continues almost, not exactly, as the one that was set aside. Its last block, where positions are still to come, is
 * kept as it is. Owns its memory.
 */
public final class CompressedKv implements AutoCloseable {

    private static final NumberFormat COMPRESSED = NumberFormat.Q8_0;
    /** Numbers that are turned at a time; they stay in the processor's own cache. */
    private static final int CHUNK = 4096;

    private final Arena arena = Arena.ofShared();
    private final KvBlockPool pool;
    private final NumberFormat format;
    private final int length;
    private final int[] firsts;
    private final MemorySegment data;
    private final float[] chunk = new float[CHUNK];

    private CompressedKv(SequenceState sequence, NumberFormat format) {
        this.pool = sequence.pool();
        this.format = format;
        this.length = sequence.length();
        this.firsts = new int[pool.layout().groups().size()];
        long bytes = 0;
        for (int group = 0; group < firsts.length; group++) {
            firsts[group] = sequence.table(group).first();
            for (int index = firsts[group]; index < sequence.table(group).end(); index++) {
                bytes += storedBytes(index, pool.layout().groups().get(group).blockBytes());
            }
        }
        this.data = arena.allocate(bytes, SlabMemory.ALIGNMENT_BYTES);
        eachBlock(sequence, this::compress);
    }

    /** Whether sequences of this pool become smaller: those in F16 and F32 do. */
    public static boolean compresses(KvBlockPool pool) {
        return pool.layout().layers().getFirst().layer().format() != COMPRESSED;
    }

    /** Bytes of a compressed cache of this pool for each byte of the whole one. */
    public static double ratio(KvBlockPool pool) {
        NumberFormat format = pool.layout().layers().getFirst().layer().format();
        return (double) COMPRESSED.bytes(COMPRESSED.blockElements()) / format.bytes(COMPRESSED.blockElements());
    }

    /**
     * Compresses a copy; the sequence stays as it is.
     *
     * @throws IllegalArgumentException if its cache is in Q8_0 already
     * @throws OutOfMemoryError         if there is no room for the copy
     */
    public static CompressedKv of(SequenceState sequence) {
        if (!compresses(sequence.pool())) {
            throw new IllegalArgumentException("a cache in Q8_0 compresses no further; keep it as it is or write it to a file");
        }
        return new CompressedKv(sequence, sequence.pool().layout().layers().getFirst().layer().format());
    }

    /** Positions of the sequence. */
    public int length() {
        return length;
    }

    /** Memory that it holds. */
    public long bytes() {
        return data.byteSize();
    }

    /**
     * A sequence with the rounded numbers, in the pool of the first; the caller closes it.
     *
     * @throws CapacityException if the pool has no room for it; then nothing is held
     */
    public SequenceState restore() {
        SequenceState sequence = pool.newSequence();
        try {
            sequence.fill(firsts, length);
            eachBlock(sequence, this::expand);
            return sequence;
        } catch (RuntimeException | Error e) {
            sequence.close();
            throw e;
        }
    }

    private interface Step {
        void run(MemorySegment block, boolean whole, long offsetBytes);
    }

    private void eachBlock(SequenceState sequence, Step step) {
        long offset = 0;
        for (int group = 0; group < firsts.length; group++) {
            KvTable table = sequence.table(group);
            for (int index = table.first(); index < table.end(); index++) {
                MemorySegment block = table.block(index);
                step.run(block, isWhole(index), offset);
                offset += storedBytes(index, block.byteSize());
            }
        }
    }

    private boolean isWhole(int index) {
        return index < length / KvLayout.BLOCK_POSITIONS;
    }

    /** Blocks hold whole shares of 32 positions, so their numbers are a multiple of Q8_0's 32. */
    private long storedBytes(int index, long blockBytes) {
        return isWhole(index) ? COMPRESSED.bytes(blockBytes / format.blockBytes()) : blockBytes;
    }

    private void compress(MemorySegment block, boolean whole, long offsetBytes) {
        if (whole) {
            turn(format, block, 0, COMPRESSED, data, offsetBytes, block.byteSize() / format.blockBytes());
        } else {
            MemorySegment.copy(block, 0, data, offsetBytes, block.byteSize());
        }
    }

    private void expand(MemorySegment block, boolean whole, long offsetBytes) {
        if (whole) {
            turn(COMPRESSED, data, offsetBytes, format, block, 0, block.byteSize() / format.blockBytes());
        } else {
            MemorySegment.copy(data, offsetBytes, block, 0, block.byteSize());
        }
    }

    private void turn(NumberFormat from, MemorySegment source, long sourceBytes, NumberFormat to, MemorySegment target, long targetBytes,
                      long elements) {
        for (long done = 0; done < elements; done += CHUNK) {
            int count = (int) Math.min(CHUNK, elements - done);
            from.decode(source, sourceBytes + from.bytes(done), chunk, 0, count);
            to.encode(chunk, 0, target, targetBytes + to.bytes(done), count);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
