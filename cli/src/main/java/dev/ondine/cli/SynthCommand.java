package dev.ondine.cli;

import dev.ondine.files.GgufWriter;
import dev.ondine.files.ModelFileException;
import dev.ondine.synth.SynthModel;
import dev.ondine.tensor.WeightFormats;
import dev.ondine.tensor.WorkerTeam;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a model with random weights. */
@Command(name = "synth", header = "Write a model with random weights in the shape of a known one.",
        description = {"%nWhat such a model says means nothing, but it takes as much memory and time as a trained one,",
            "so speed can be measured without a download. The tokenizer works. Equal options, equal files.%n"},
        footerHeading = "%nExamples:%n", footer = {
            "  ondine synth --shape llama-1b --format Q4_0 -o llama-1b.gguf",
            "  ondine synth --shape qwen2.5-7b --format Q4_K_M --layers 4 -o four-layers.gguf",
            "  ondine synth --layers 8 --dim 512 --ffn 2048 --heads 8 --kv-heads 2 --format F16 -o small.gguf"})
final class SynthCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private BasicOptions options;

    @Mixin
    private ShapeFlags shape;

    @Option(names = "--format", paramLabel = "FORMAT", completionCandidates = FormatNames.class,
            description = "Number format of all matrices, or llama.cpp's mixture of this name (required): ${COMPLETION-CANDIDATES}.")
    private String format;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "GGUF file to write (required).")
    private Path output;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Seed of the weights (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--force", description = "Replace the file if it exists.")
    private boolean force;

    SynthCommand(Console console) {
        this.console = console;
    }

    /** The names of all formats, for the help. */
    static final class FormatNames implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return WeightFormats.names().iterator();
        }
    }

    @Override
    public Integer call() {
        options.require("--format", format);
        options.require("--output", output);
        SynthModel model = new SynthModel(shape.chosen(options), options.checked(() -> WeightFormats.named(format)), seed);
        requireFree();
        requireRoom(model.bytes());
        long startNanos = System.nanoTime();
        try (Interruption interruption = new Interruption(this::deletePartial)) {
            if (!isWritten(model, interruption)) {
                // Before the interruption closes: the process may end with it.
                console.say("ondine: interrupted; " + output + " is not written");
                return ExitCode.INTERRUPTED;
            }
        }
        report(model, Duration.ofNanos(System.nanoTime() - startNanos));
        return ExitCode.DONE;
    }

    private void requireFree() {
        if (Files.isDirectory(output)) {
            throw options.wrongUse("%s is a folder; name a file in it".formatted(output));
        }
        if (!force && Files.exists(output)) {
            throw options.wrongUse("%s exists already; --force replaces it".formatted(output));
        }
    }

    private void requireRoom(long bytes) {
        Path folder = output.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new ModelFileException(output.toString(), "there is no such folder; make it first");
        }
        try {
            long free = Files.getFileStore(folder).getUsableSpace();
            if (bytes > free) {
                throw new ModelFileException(output.toString(), "needs %s, but only %s are free there; choose another folder"
                        .formatted(Display.bytes(bytes), Display.bytes(free)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the file, or nothing if the user ends the process before it is complete. */
    private boolean isWritten(SynthModel model, Interruption interruption) {
        try (WorkerTeam team = options.newTeam(); ProgressLine progress = new ProgressLine(console, "writing " + output, model.bytes())) {
            model.write(output, team, bytes -> {
                if (interruption.isRequested()) {
                    throw new CancellationException();
                }
                progress.at(bytes);
            });
            return true;
        } catch (CancellationException e) {
            return false;
        }
    }

    private void deletePartial() {
        try {
            Files.deleteIfExists(GgufWriter.partial(output));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void report(SynthModel model, Duration duration) {
        double seconds = duration.toNanos() * 1e-9;
        if (options.json()) {
            Json.print(console, Json.object("file", output.toString(), "shape", model.shape().name(), "format", model.formats().name(),
                    "seed", seed, "parameters", model.parameters(), "bytes", output.toFile().length(), "seconds", seconds));
        } else {
            console.out().println("%s: %s parameters as %s, %s, written in %.1f s".formatted(output,
                    Display.parameters(model.parameters()), model.formats().name(), Display.bytes(output.toFile().length()), seconds));
        }
    }
}
