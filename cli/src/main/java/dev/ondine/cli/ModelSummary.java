package dev.ondine.cli;

import dev.ondine.files.GgufFile;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Tensor;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a model file's tensors come to.
 *
 * @param bytes        of all tensors
 * @param bytesPerStep that a decode step reads: all tensors but an embedding table of which it needs single rows
 */
record ModelSummary(long parameters, long bytes, long bytesPerStep, Map<NumberFormat, Share> formats) {

    /** The tensors of one number format. */
    record Share(int tensors, long parameters, long bytes) {

        private Share plus(Share other) {
            return new Share(tensors + other.tensors, parameters + other.parameters, bytes + other.bytes);
        }
    }

    static ModelSummary of(GgufFile file) {
        Map<NumberFormat, Share> formats = new EnumMap<>(NumberFormat.class);
        for (Tensor tensor : file.tensors()) {
            Share share = new Share(1, tensor.shape().elements(), tensor.data().byteSize());
            formats.merge(tensor.format(), share, Share::plus);
        }
        Share all = formats.values().stream().reduce(new Share(0, 0, 0), Share::plus);
        return new ModelSummary(all.parameters, all.bytes, all.bytes - lookedUpBytes(file), formats);
    }

    /** The embedding table, unless it is the output matrix too. */
    private static long lookedUpBytes(GgufFile file) {
        return file.tensor("output.weight").isEmpty() ? 0
                : file.tensor("token_embd.weight").map(table -> table.data().byteSize()).orElse(0L);
    }

    /** The format that most of the bytes have. */
    String mainFormat() {
        return formats.entrySet().stream().max(Comparator.comparingLong(entry -> entry.getValue().bytes))
                .map(entry -> entry.getKey().name()).orElse("none");
    }
}
