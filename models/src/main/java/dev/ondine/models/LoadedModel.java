package dev.ondine.models;

import dev.ondine.files.GgufFile;
import dev.ondine.files.ModelFileException;
import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;

/** A model with the memory of its activations. Owns that memory; borrows the file, which must outlive it. */
public final class LoadedModel implements Model, AutoCloseable {

    private static final String KNOWN = "llama, mistral, qwen2, qwen3, gemma2, gemma3";

    private final CountingArena arena;
    private final Kernels kernels;
    private final Model model;
    private final String seal;

    private LoadedModel(GgufFile file, Kernels kernels, CountingArena arena, Model model) {
        this.arena = arena;
        this.kernels = kernels;
        this.model = model;
        this.seal = file.name() + "; " + kernels.description();
    }

    /**
     * Builds the model that the file's {@code general.architecture} names.
     *
     * @param capacityRows most rows of one batch; activations are allocated for that many
     * @throws ModelFileException if the architecture is unknown or the file does not hold what it needs
     */
    public static LoadedModel of(GgufFile file, Kernels kernels, int capacityRows) {
        return of(file, kernels, capacityRows, Optional.empty());
    }

    /**
     * The same with a chosen format of keys and values.
     *
     * @param cacheFormat F16, F32 or Q8_0; empty for F32 where all weights are F32, else F16
     * @throws ModelFileException also if the format's blocks do not fit the model's heads
     */
    public static LoadedModel of(GgufFile file, Kernels kernels, int capacityRows, Optional<NumberFormat> cacheFormat) {
        CountingArena arena = new CountingArena(kernels);
        try {
            return new LoadedModel(file, kernels, arena, build(file, kernels, arena, capacityRows, cacheFormat));
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /**
     * The tensors of a file that a model of it multiplies by, and so asks {@link Kernels#weight} for. The token embedding is one if
     * the file has no other output matrix.
     */
    public static List<Tensor> matrices(GgufFile file) {
        boolean tied = file.tensor(OutputHead.OUTPUT).isEmpty();
        return file.tensors().stream().filter(tensor -> tensor.shape().sizes().length == 2 && tensor.format().isDecodable())
                .filter(tensor -> tied || !tensor.name().equals(ModelFile.TOKEN_EMBEDDING)).toList();
    }

    private static Model build(GgufFile gguf, Kernels kernels, Arena arena, int capacityRows, Optional<NumberFormat> cacheFormat) {
        String architecture = gguf.metadata().string("general.architecture");
        ModelFile file = new ModelFile(gguf, architecture, kernels, cacheFormat);
        Model model = switch (architecture) {
            // Mistral files call themselves llama; the window tells them apart.
            case "llama" -> gguf.metadata().has("llama.attention.sliding_window")
                    ? new MistralModel(file, kernels, arena, capacityRows) : new LlamaModel(file, kernels, arena, capacityRows);
            case "mistral" -> new MistralModel(file, kernels, arena, capacityRows);
            case "qwen2" -> new Qwen2Model(file, kernels, arena, capacityRows);
            case "qwen3" -> new Qwen3Model(file, kernels, arena, capacityRows);
            case "gemma2" -> new Gemma2Model(file, kernels, arena, capacityRows);
            case "gemma3" -> new Gemma3Model(file, kernels, arena, capacityRows);
            default -> throw new ModelFileException(gguf.name(), "architecture \"%s\" is unknown, expected one of %s"
                    .formatted(architecture, KNOWN));
        };
        file.weights().requireAllTaken(architecture);
        return model;
    }

    @Override
    public Facts facts() {
        return model.facts();
    }

    /** Native memory that the model holds for its activations. */
    public long activationBytes() {
        return arena.bytes();
    }

    @Override
    public void forward(Batch batch, Matrix logits) {
        model.forward(batch, logits);
    }

    @Override
    public Matrix embeddings() {
        return model.embeddings();
    }

    @Override
    public KvBlockPool newCache(long capacityBytes) {
        return new KvBlockPool(facts().kvLayout(), capacityBytes, seal, kernels::allocate);
    }

    @Override
    public void close() {
        arena.close();
    }
}
