package dev.ondine.cli;

import dev.ondine.api.start.StartedModel;
import dev.ondine.files.GgufFile;
import dev.ondine.files.ModelFileException;
import dev.ondine.models.LoadedModel;
import dev.ondine.models.Model;
import dev.ondine.tensor.ScalarKernels;
import dev.ondine.tensor.WorkerTeam;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what a model file holds. */
@Command(name = "info", header = "Show what a model file holds and how much memory it needs.", footerHeading = "%nExamples:%n", footer = {
    "  ondine info",
    "  ondine info model.gguf -c 8192",
    "  ondine info model.gguf --json"})
final class InfoCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private CommonOptions options;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "GGUF file (default: the embedded model).")
    private Path argument;

    InfoCommand(Console console) {
        this.console = console;
    }

    /** Memory that running takes. @param activations for batches of the usual size */
    private record Memory(int context, long weights, long cache, long activations) {

        long total() {
            return weights + cache + activations;
        }
    }

    @Override
    public Integer call() {
        if (argument != null) {
            options.model(argument);
        }
        try (GgufFile file = options.openFile()) {
            ModelSummary summary = ModelSummary.of(file);
            Memory memory = null;
            String problem = null;
            try {
                memory = memory(file, summary);
            } catch (ModelFileException e) {
                problem = e.getMessage();
            }
            if (options.json()) {
                Json.print(console, json(file, summary, memory, problem));
            } else {
                show(file, summary, memory, problem);
            }
        }
        return ExitCode.DONE;
    }

    /** @throws ModelFileException if Ondine cannot run the model */
    private Memory memory(GgufFile file, ModelSummary summary) {
        try (WorkerTeam team = new WorkerTeam(1);
             LoadedModel model = LoadedModel.of(file, new ScalarKernels(team), 1, options.kvFormat())) {
            Model.Facts facts = model.facts();
            int context = options.context(facts.contextLength());
            long logits = (long) facts.vocabSize() * Float.BYTES;
            return new Memory(context, summary.bytes(), facts.kvLayout().bytesFor(context, StartedModel.BATCH_ROWS),
                    StartedModel.BATCH_ROWS * model.activationBytes() + logits);
        }
    }

    private static Map<String, Object> json(GgufFile file, ModelSummary summary, Memory memory, String problem) {
        Map<String, Object> formats = new LinkedHashMap<>();
        summary.formats().forEach((format, share) -> formats.put(format.name(),
                Json.object("tensors", share.tensors(), "parameters", share.parameters(), "bytes", share.bytes())));
        Map<String, Object> info = Json.object("model", file.name(), "metadata", MetadataView.json(file.metadata()),
                "tensors", formats, "parameters", summary.parameters(), "bytes", file.bytes(), "runnable", problem == null);
        if (problem == null) {
            info.put("memory", Json.object("context", memory.context, "weight_bytes", memory.weights,
                    "cache_bytes", memory.cache, "activation_bytes", memory.activations, "total_bytes", memory.total()));
        } else {
            info.put("memory", null);
            info.put("problem", problem);
        }
        return info;
    }

    private void show(GgufFile file, ModelSummary summary, Memory memory, String problem) {
        line("model", file.name());
        line("size", "%s, %s parameters, %.2f bits each".formatted(Display.bytes(file.bytes()),
                Display.parameters(summary.parameters()), 8.0 * summary.bytes() / Math.max(1, summary.parameters())));
        summary.formats().forEach((format, share) -> line(format.name(), "%d tensors, %s parameters, %s".formatted(
                share.tensors(), Display.parameters(share.parameters()), Display.bytes(share.bytes()))));
        if (problem == null) {
            line("memory", "%s for a context of %d: weights %s, KV cache %s, activations %s".formatted(
                    Display.bytes(memory.total()), memory.context, Display.bytes(memory.weights),
                    Display.bytes(memory.cache), Display.bytes(memory.activations)));
        } else {
            line("cannot run", problem);
        }
        console.out().println();
        file.metadata().keys().forEach(key -> console.out().println(key + " = " + MetadataView.text(file.metadata(), key)));
    }

    private void line(String name, String value) {
        console.out().println("%-12s%s".formatted(name, value));
    }
}
