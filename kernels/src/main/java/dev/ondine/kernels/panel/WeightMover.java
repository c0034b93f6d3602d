package dev.ondine.kernels.panel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.util.List;

/**
 * Moves matrices from the mapped file into memory of their own, huge pages if there are any, while they are in use: a start need
 * not wait for memory, which a system may take seconds to give, and decoding soon reads as fast as memory can.
 */
final class WeightMover implements AutoCloseable {

    /** Whole huge pages, and no longer than a few steps of decoding. */
    private static final long CHUNK_BYTES = 4L << 20;

    private final PackImage mapped;
    private final FileChannel channel;
    private final List<PackedMatrix> matrices;
    private final WeightMemory memory;
    private final Arena arena;
    private final Thread thread = new Thread(this::moveAll, "ondine-weights");
    private volatile boolean stopped;

    /**
     * @param mapped   the file of the channel
     * @param matrices of the file, in its order
     * @param arena    ends the memory, not before this is closed
     */
    WeightMover(PackImage mapped, FileChannel channel, List<PackedMatrix> matrices, WeightMemory memory, Arena arena) {
        this.mapped = mapped;
        this.channel = channel;
        this.matrices = matrices;
        this.memory = memory;
        this.arena = arena;
        thread.setDaemon(true);
        thread.start();
    }

    private void moveAll() {
        if (!memory.hasRoom(mapped.bytes())) {
            return;
        }
        try {
            MemorySegment own = memory.allocate(arena, mapped.bytes());
            for (PackedMatrix matrix : matrices) {
                if (!move(matrix, own)) {
                    return;
                }
            }
        } catch (IOException | OutOfMemoryError staysMapped) {
            // The mapped file serves as well, only slower.
        }
    }

    /** Returns whether the matrix was moved, and not stopped on the way. */
    private boolean move(PackedMatrix matrix, MemorySegment own) throws IOException {
        MemorySegment old = matrix.data();
        long begin = mapped.offset(old);
        long end = begin + old.byteSize();
        for (long offset = begin; offset < end; offset += CHUNK_BYTES) {
            if (stopped) {
                return false;
            }
            PackFile.fill(own.asSlice(offset, Math.min(CHUNK_BYTES, end - offset)).asByteBuffer(), channel, offset);
        }
        matrix.move(own.asSlice(begin, old.byteSize()));
        memory.released(old);
        return true;
    }

    /** Waits until all is moved. */
    void await() throws InterruptedException {
        thread.join();
    }

    /** Stops after the chunk that is being read. */
    @Override
    public void close() {
        stopped = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
