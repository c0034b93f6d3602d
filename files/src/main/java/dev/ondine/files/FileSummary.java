package dev.ondine.files;

import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The sizes of a model file, in all and by number format.
 *
 * @param parameters numbers in all tensors
 * @param bytes      of the whole file
 * @param formats    largest first
 */
public record FileSummary(String file, long parameters, long bytes, List<FormatShare> formats) {

    /** What the tensors of one number format add up to. */
    public record FormatShare(NumberFormat format, int tensors, long parameters, long bytes) {

        private FormatShare plus(FormatShare other) {
            return new FormatShare(format, tensors + other.tensors, parameters + other.parameters, bytes + other.bytes);
        }
    }

    public static FileSummary of(GgufFile file) {
        Map<NumberFormat, FormatShare> shares = new EnumMap<>(NumberFormat.class);
        long parameters = 0;
        for (Tensor tensor : file.tensors()) {
            FormatShare share = new FormatShare(tensor.format(), 1, tensor.shape().elements(), tensor.data().byteSize());
            shares.merge(tensor.format(), share, FormatShare::plus);
            parameters += share.parameters;
        }
        List<FormatShare> formats = new ArrayList<>(shares.values());
        formats.sort(Comparator.comparingLong(FormatShare::bytes).reversed());
        return new FileSummary(file.name(), parameters, file.bytes(), List.copyOf(formats));
    }
}
