package dev.ondine.kernels.panel;

import dev.ondine.tensor.Tensor;
import dev.ondine.tensor.WorkerTeam;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/** Packs the panels of a matrix with all workers, some panels at a time, and tells how far that is. Owns the buffers. */
final class Panels implements AutoCloseable {

    /** Packed bytes that a worker takes at once: small enough to stay in its cache until they are taken on. */
    private static final long SHARE_BYTES = 1 << 19;

    /** Takes packed panels to their place in the matrix or its file, on any worker. */
    interface Target {
        void accept(MemorySegment panels, long offset);
    }

    private final Arena arena = Arena.ofShared();
    private final PackingListener listener;
    private final long totalBytes;
    private final AtomicLong doneBytes = new AtomicLong();
    private MemorySegment[] buffers = {};

    /** @param totalBytes of all matrices that may be packed */
    Panels(PackingListener listener, long totalBytes) {
        this.listener = listener;
        this.totalBytes = totalBytes;
    }

    /** Packs a matrix through a buffer of each worker. */
    void packThroughBuffers(Tensor tensor, WorkerTeam team, Target target) {
        PanelLayout layout = PanelLayout.of(tensor.format());
        long panelBytes = layout.panelBytes(tensor.columns());
        allocateBuffers(team.size(), sharePanels(panelBytes) * panelBytes);
        forEachShare(tensor, team, panelBytes, (worker, from, to) -> {
            MemorySegment buffer = buffers[worker].asSlice(0, (to - from) * panelBytes);
            layout.pack(tensor, from, to, buffer);
            target.accept(buffer, from * panelBytes);
        });
    }

    /**
     * Packs a matrix into memory for all of it.
     *
     * @param then takes panels that are packed there, while the worker's cache still has them
     */
    void pack(Tensor tensor, WorkerTeam team, MemorySegment memory, Target then) {
        PanelLayout layout = PanelLayout.of(tensor.format());
        long panelBytes = layout.panelBytes(tensor.columns());
        forEachShare(tensor, team, panelBytes, (_, from, to) -> {
            MemorySegment panels = memory.asSlice(from * panelBytes, (to - from) * panelBytes);
            layout.pack(tensor, from, to, panels);
            then.accept(panels, from * panelBytes);
        });
    }

    private void forEachShare(Tensor tensor, WorkerTeam team, long panelBytes, WorkerTeam.Work work) {
        int grain = sharePanels(panelBytes);
        team.split(PanelLayout.panels(tensor.rows()), grain, (worker, from, to) -> {
            for (int panel = from; panel < to; panel += grain) {
                int end = Math.min(to, panel + grain);
                work.run(worker, panel, end);
                long done = doneBytes.addAndGet((end - panel) * panelBytes);
                if (worker == 0) {
                    listener.progress(done, totalBytes);
                }
            }
        });
        listener.progress(doneBytes.get(), totalBytes);
    }

    /** Frees the buffers; {@link #pack} needs none. Closing twice does nothing. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private static int sharePanels(long panelBytes) {
        return Math.toIntExact(Math.max(1, SHARE_BYTES / panelBytes));
    }

    private void allocateBuffers(int workers, long bytes) {
        if (buffers.length < workers || buffers[0].byteSize() < bytes) {
            buffers = new MemorySegment[workers];
            for (int worker = 0; worker < workers; worker++) {
                buffers[worker] = arena.allocate(bytes, PackedMatrix.ALIGNMENT_BYTES);
            }
        }
    }
}
