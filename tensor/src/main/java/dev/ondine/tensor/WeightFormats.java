package dev.ondine.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * Which number format each matrix of a model gets: one for all, or one of llama.cpp's mixtures, which give the matrices that hurt
 * most more bits. Vectors are always F32.
 *
 * @param name     as on the command line: a {@link NumberFormat} or {@code Q4_K_S}, {@code Q4_K_M}, {@code Q5_K_S}, {@code Q5_K_M}
 * @param usual    the format of most matrices
 * @param fileType {@code general.file_type}
 * @see <a href="https://github.com/ggml-org/llama.cpp/blob/master/src/llama-quant.cpp">llama.cpp, choice of tensor types</a>
 */
public record WeightFormats(String name, NumberFormat usual, int fileType) {

    private static final List<WeightFormats> KNOWN = List.of(
            new WeightFormats("F32", NumberFormat.F32, 0), new WeightFormats("F16", NumberFormat.F16, 1),
            new WeightFormats("BF16", NumberFormat.BF16, 32), new WeightFormats("Q4_0", NumberFormat.Q4_0, 2),
            new WeightFormats("Q4_1", NumberFormat.Q4_1, 3), new WeightFormats("Q5_0", NumberFormat.Q5_0, 8),
            new WeightFormats("Q5_1", NumberFormat.Q5_1, 9), new WeightFormats("Q8_0", NumberFormat.Q8_0, 7),
            // Pure Q4_K and Q5_K files have no number of their own.
            new WeightFormats("Q4_K", NumberFormat.Q4_K, 14), new WeightFormats("Q5_K", NumberFormat.Q5_K, 16),
            new WeightFormats("Q6_K", NumberFormat.Q6_K, 18), new WeightFormats("IQ4_NL", NumberFormat.IQ4_NL, 25),
            new WeightFormats("MXFP4", NumberFormat.MXFP4, 38),
            new WeightFormats("Q4_K_S", NumberFormat.Q4_K, 14), new WeightFormats("Q4_K_M", NumberFormat.Q4_K, 15),
            new WeightFormats("Q5_K_S", NumberFormat.Q5_K, 16), new WeightFormats("Q5_K_M", NumberFormat.Q5_K, 17));

    /** All names, plain formats first. */
    public static List<String> names() {
        return KNOWN.stream().map(WeightFormats::name).toList();
    }

    /** @throws IllegalArgumentException naming all formats if there is none of this name */
    public static WeightFormats named(String name) {
        return KNOWN.stream().filter(formats -> formats.name.equalsIgnoreCase(name)).findAny()
                .orElseThrow(() -> new IllegalArgumentException("there is no format \"%s\", expected one of %s"
                        .formatted(name, String.join(", ", names()))));
    }

    /** Every matrix in this format. */
    public static WeightFormats all(NumberFormat format) {
        return named(format.name());
    }

    /**
     * The format of a matrix that belongs to no layer.
     *
     * @param isOutput whether it gives the logits
     */
    public NumberFormat outside(boolean isOutput, int columns) {
        if (!isMixture() || !isOutput) {
            return fitting(usual, columns);
        }
        return columns % usual.blockElements() == 0 ? NumberFormat.Q6_K : NumberFormat.Q8_0;
    }

    /** The format of a matrix of a layer. @param matrix the last part of its name, {@code attn_v} */
    public NumberFormat inLayer(String matrix, int layer, int layers, int columns) {
        boolean generous = List.of("Q4_K_M", "Q5_K_M").contains(name) && deservesMoreBits(layer, layers);
        boolean frugal = name.equals("Q4_K_S");
        NumberFormat wanted = switch (matrix) {
            case "attn_v" -> generous ? NumberFormat.Q6_K : frugal && layer < 4 ? NumberFormat.Q5_K : usual;
            case "ffn_down" -> generous ? NumberFormat.Q6_K : frugal && layer < layers / 8 ? NumberFormat.Q5_K : usual;
            default -> usual;
        };
        return fitting(wanted, columns);
    }

    private boolean isMixture() {
        return !name.equals(usual.name());
    }

    /** The first and last eighth of the layers, and every third between. */
    private static boolean deservesMoreBits(int layer, int layers) {
        return layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2;
    }

    /** The format itself where a row is whole blocks of it, else the nearest that allows it, as llama-quantize falls back. */
    private static NumberFormat fitting(NumberFormat wanted, int columns) {
        List<NumberFormat> choices = new ArrayList<>(List.of(wanted));
        switch (wanted) {
            case Q4_K -> choices.add(NumberFormat.Q5_0);
            case Q5_K -> choices.add(NumberFormat.Q5_1);
            case Q6_K -> choices.add(NumberFormat.Q8_0);
            default -> { }
        }
        return choices.stream().filter(format -> columns % format.blockElements() == 0).findFirst().orElse(NumberFormat.F16);
    }
}
