package dev.ondine.kernels.panel;

import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Shape;
import dev.ondine.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The table at the start of a file of packed weights: what it was packed from, and where each matrix lies.
 *
 * @param layoutVersion {@link PanelLayout#VERSION} of the program that packed
 * @param bootId        of the system that wrote the file, see {@link WeightCache}
 * @param identity      of the model, see {@link ModelKey}
 * @param entries       by the name of the matrix
 */
record PackTable(int layoutVersion, String bootId, String identity, Map<String, Entry> entries) {

    private static final int MOST_DIMENSIONS = 8;

    /**
     * One packed matrix.
     *
     * @param offset in the file, whole pages
     */
    record Entry(NumberFormat format, Shape shape, long offset) {

        boolean holds(Tensor tensor) {
            return format == tensor.format() && shape.equals(tensor.shape());
        }

        long bytes() {
            return PanelLayout.of(format).bytes(shape);
        }
    }

    byte[] toBytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(layoutVersion);
        out.writeUTF(bootId);
        out.writeUTF(identity);
        out.writeInt(entries.size());
        for (Map.Entry<String, Entry> named : entries.entrySet()) {
            Entry entry = named.getValue();
            out.writeUTF(named.getKey());
            out.writeInt(entry.format.ggmlId());
            out.writeInt(entry.shape.sizes().length);
            for (long size : entry.shape.sizes()) {
                out.writeLong(size);
            }
            out.writeLong(entry.offset);
        }
        return bytes.toByteArray();
    }

    /** @throws IOException if these are not the bytes of a table */
    static PackTable of(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        int layoutVersion = in.readInt();
        String bootId = in.readUTF();
        String identity = in.readUTF();
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            entries.put(in.readUTF(), entry(in));
        }
        return new PackTable(layoutVersion, bootId, identity, entries);
    }

    private static Entry entry(DataInputStream in) throws IOException {
        NumberFormat format = NumberFormat.ofGgmlId(in.readInt()).filter(PanelLayout::exists)
                .orElseThrow(() -> new IOException("a format that is not packed"));
        int dimensions = in.readInt();
        if (dimensions < 0 || dimensions > MOST_DIMENSIONS) {
            throw new IOException(dimensions + " dimensions");
        }
        long[] sizes = new long[dimensions];
        for (int axis = 0; axis < dimensions; axis++) {
            sizes[axis] = in.readLong();
        }
        return new Entry(format, new Shape(sizes), in.readLong());
    }
}
