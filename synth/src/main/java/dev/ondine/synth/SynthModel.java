package dev.ondine.synth;

import dev.ondine.files.GgufWriter;
import dev.ondine.files.Metadata;
import dev.ondine.files.TensorSource;
import dev.ondine.files.TypedValue;
import dev.ondine.tensor.WeightFormats;
import dev.ondine.tensor.WorkerTeam;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * A model with seeded random weights and a tokenizer that works. What it says means nothing; that it says the same again, and how
 * fast, does. The same shape, formats and seed give the same file, whatever the number of threads.
 */
public record SynthModel(SynthShape shape, WeightFormats formats, long seed) {

    /** Writes it as GGUF, some megabytes in memory at a time. */
    public void write(Path file, WorkerTeam team) {
        write(file, team, _ -> { });
    }

    /** @param progress told the bytes written so far, several times a second; what it throws ends the writing, and no file is left */
    public void write(Path file, WorkerTeam team, LongConsumer progress) {
        try (RandomContents contents = new RandomContents(SynthTensors.of(shape, formats), seed, team, progress)) {
            GgufWriter.STANDARD.write(file, Metadata.of(file.getFileName().toString(), metadata()), contents.sources());
        }
    }

    /** Bytes of all tensors; the header and the tokenizer come on top, some megabytes. */
    public long bytes() {
        return tensors().stream().mapToLong(tensor -> tensor.format().bytes(tensor.shape().elements())).sum();
    }

    /** Numbers of all tensors. */
    public long parameters() {
        return tensors().stream().mapToLong(tensor -> tensor.shape().elements()).sum();
    }

    private List<SynthTensors.Planned> tensors() {
        return SynthTensors.of(shape, formats);
    }

    private Map<String, Object> metadata() {
        String architecture = shape.architecture();
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", architecture);
        metadata.put("general.type", "model");
        metadata.put("general.name", "%s, random weights of seed %d".formatted(shape.name(), seed));
        metadata.put(architecture + ".context_length", shape.contextLength());
        metadata.put(architecture + ".embedding_length", shape.modelDim());
        metadata.put(architecture + ".block_count", shape.layers());
        metadata.put(architecture + ".feed_forward_length", shape.ffnDim());
        metadata.put(architecture + ".attention.head_count", shape.heads());
        metadata.put(architecture + ".attention.head_count_kv", shape.kvHeads());
        metadata.put(architecture + ".attention.key_length", shape.headDim());
        metadata.put(architecture + ".attention.value_length", shape.headDim());
        metadata.put(architecture + ".attention.layer_norm_rms_epsilon", shape.normEpsilon());
        metadata.put(architecture + ".rope.dimension_count", shape.headDim());
        metadata.put(architecture + ".rope.freq_base", shape.ropeBase());
        metadata.put(architecture + ".vocab_size", shape.vocabSize());
        if (shape.window() > 0) {
            metadata.put(architecture + ".attention.sliding_window", shape.window());
        }
        metadata.put("general.file_type", formats.fileType());
        metadata.put("general.quantization_version", 2);
        // Published files hold their counts unsigned, and other readers insist on it.
        metadata.replaceAll((_, value) -> value instanceof Integer count ? TypedValue.unsigned(count) : value);
        SynthVocabulary.addTo(metadata, shape.vocabSize());
        return metadata;
    }
}
