package dev.ondine.api;

import dev.ondine.files.GgufFile;
import dev.ondine.files.Metadata;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Tensor;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a model's file says of it, without loading it.
 *
 * @param format        of most of its weights
 * @param fileBytes     of all parts
 * @param contextLength that it was trained for
 * @param modelDim      length of its embeddings
 * @param checksum      of all that lies before the weights
 * @param metadata      all that the file says
 */
public record ModelDetails(String architecture, long parameters, NumberFormat format, long fileBytes, int contextLength, int modelDim,
                           long checksum, Metadata metadata) {

    static ModelDetails of(GgufFile file) {
        Metadata metadata = file.metadata();
        String architecture = metadata.string("general.architecture");
        long parameters = 0;
        Map<NumberFormat, Long> bytes = new EnumMap<>(NumberFormat.class);
        for (Tensor tensor : file.tensors()) {
            parameters += tensor.shape().elements();
            bytes.merge(tensor.format(), tensor.data().byteSize(), Long::sum);
        }
        NumberFormat most = bytes.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey).orElse(NumberFormat.F32);
        return new ModelDetails(architecture, parameters, most, file.bytes(), metadata.integer(architecture + ".context_length", 0),
                metadata.integer(architecture + ".embedding_length", 0), file.headerChecksum(), metadata);
    }

    /** How it writes prompts of messages; empty for a file that does not say. */
    public String chatTemplate() {
        return metadata.string(PromptFormat.TEMPLATE_KEY, "");
    }
}
