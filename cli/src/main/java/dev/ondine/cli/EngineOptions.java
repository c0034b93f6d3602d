package dev.ondine.cli;

import dev.ondine.api.OndineSettings;
import dev.ondine.api.start.CacheSettings;
import dev.ondine.api.start.KernelChoice;
import dev.ondine.tensor.NumberFormat;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of every command that runs models. */
class EngineOptions extends BasicOptions {

    @Option(names = "--kernels", paramLabel = "KIND", defaultValue = "auto",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}, the fastest that runs here).")
    private KernelChoice kernels;

    @Option(names = "--kv", paramLabel = "FORMAT", description = "${COMPLETION-CANDIDATES}: how the context is kept in memory; "
            + "q8_0 takes half of it (default: f16, or f32 where all weights are f32).")
    private KvChoice kv;

    @Option(names = {"-c", "--context"}, paramLabel = "N",
            description = "Most tokens of prompt and answer together (default: what the model was trained for).")
    private Integer context;

    /** How an {@link dev.ondine.api.Ondine} runs models. */
    OndineSettings settings(Console console) {
        OndineSettings settings = OndineSettings.standard().withThreads(threads()).withKernels(kernels);
        settings = kv == null ? settings : settings.withKvFormat(kv.format());
        settings = context == null ? settings : settings.withContext(context(context));
        return CacheSettings.found(console.environment()).map(settings::withCache).orElse(settings);
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
