package dev.ondine.kernels.panel;

import dev.ondine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where packed matrices lie, in a file and in memory alike.
 *
 * @param bytes up to the end of the last one
 */
record PackPlan(Map<String, PackTable.Entry> entries, long bytes) {

    /**
     * One matrix after the other, each from the start of a page on.
     *
     * @param headBytes that come before
     */
    static PackPlan of(List<Tensor> matrices, long headBytes) {
        Map<String, PackTable.Entry> entries = new LinkedHashMap<>();
        long offset = pages(headBytes);
        for (Tensor matrix : matrices) {
            PackTable.Entry entry = new PackTable.Entry(matrix.format(), matrix.shape(), offset);
            entries.put(matrix.name(), entry);
            offset = pages(Math.addExact(offset, entry.bytes()));
        }
        return new PackPlan(entries, offset);
    }

    private static long pages(long bytes) {
        return Math.ceilDiv(bytes, PackFile.PAGE_BYTES) * PackFile.PAGE_BYTES;
    }
}
