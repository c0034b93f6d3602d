package dev.ondine.cli;

import dev.ondine.api.start.KernelChoice;
import dev.ondine.files.GgufFile;
import dev.ondine.pebble.Pebble;
import dev.ondine.tensor.NumberFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of every command that takes a model. */
final class CommonOptions extends BasicOptions {

    @Option(names = {"-m", "--model"}, paramLabel = "FILE", description = "GGUF file (default: the embedded model, pebble).")
    private Path model;

    @Option(names = "--kernels", paramLabel = "KIND", defaultValue = "auto",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}, the fastest that runs here).")
    private KernelChoice kernels;

    @Option(names = "--kv", paramLabel = "FORMAT", description = "${COMPLETION-CANDIDATES}: how the context is kept in memory; "
            + "q8_0 takes half of it (default: f16, or f32 where all weights are f32).")
    private KvChoice kv;

    @Option(names = {"-c", "--context"}, paramLabel = "N",
            description = "Most tokens of prompt and answer together (default: what the model was trained for).")
    private Integer context;

    boolean isEmbedded() {
        return model == null;
    }

    /** Names the model file in another way than {@code -m}. */
    void model(Path file) {
        if (model != null) {
            throw wrongUse("the file is given twice, as an argument and with -m");
        }
        model = file;
    }

    /** The model file, or the embedded one; the caller closes it. */
    GgufFile openFile() {
        if (model != null) {
            return GgufFile.open(model);
        }
        try (InputStream bytes = Pebble.open()) {
            return GgufFile.read(Pebble.NAME, bytes, Pebble.BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    KernelChoice kernels() {
        return kernels;
    }

    /** What {@code --kv} says; empty for what suits the model. */
    Optional<NumberFormat> kvFormat() {
        return Optional.ofNullable(kv).map(KvChoice::format);
    }

    /** What {@code -c} says, or else the fallback. */
    int context(int fallback) {
        return context == null ? fallback : atLeastOne("--context", context);
    }
}
