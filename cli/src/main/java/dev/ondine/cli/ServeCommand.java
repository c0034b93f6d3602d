package dev.ondine.cli;

import dev.ondine.api.LocalModel;
import dev.ondine.api.ModelSource;
import dev.ondine.api.Ondine;
import dev.ondine.api.OndineSettings;
import dev.ondine.api.OndineTask;
import dev.ondine.server.OndineServer;
import dev.ondine.server.ServerOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves models to other programs. */
@Command(name = "serve", header = "Serve models to other programs, by the interfaces of OpenAI, Anthropic and Ollama.",
        description = {"%nClients of OpenAI find it at ADDRESS/v1, those of Anthropic and Ollama at ADDRESS; a browser shows a chat and what",
            "the machine does. Only this machine can reach it unless --host says otherwise. Requests share the models by priority and deadline.",
            "Ctrl-C lets answers end and keeps durable tasks for the next start; a second Ctrl-C ends at once.%n"},
        footerHeading = "%nExamples:%n", footer = {
            "  ondine serve",
            "  ondine serve -m small.gguf -m coder=large.gguf --memory 6GB --ttl 10m",
            "  ondine serve -m model.gguf --host 0.0.0.0 --api-keys keys.txt --tls-cert cert.pem --tls-key key.pem",
            "  curl http://127.0.0.1:8321/v1/chat/completions -d '{\"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}'"})
final class ServeCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private EngineOptions options;

    @Mixin
    private AccessFlags access;

    @Mixin
    private KernelFlags kernel;

    @Option(names = {"-m", "--model"}, paramLabel = "[NAME=]FILE", description = "GGUF file, loaded at once if it is the first, else when "
            + "it is asked for; may be repeated (default: the embedded model, pebble).")
    private List<String> models = List.of();

    ServeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        ServerOptions reach = options.checked(() -> access.options(console));
        OndineSettings settings = options.checked(() -> kernel.applied(options.settings(console), access.queue(), console));
        try (StopSignal stop = new StopSignal(); Ondine ondine = open(settings)) {
            List<OndineTask> resumed = ondine.resumeTasks();
            try (OndineServer server = new OndineServer(reach, ondine, Main.Version.ofOndine(), this::broken)) {
                announce(server, ondine, resumed.size());
                stop.await();
                console.say("ending; Ctrl-C ends at once");
            }
        }
        return ExitCode.DONE;
    }

    private Ondine open(OndineSettings settings) {
        try (PackingProgress progress = new PackingProgress(console)) {
            Ondine ondine = ondine(settings.withListener(progress));
            try {
                (models.isEmpty() ? Stream.of(ModelSource.embedded()) : models.stream().map(ServeCommand::source)).forEach(ondine::add);
                // A file that is no model is known before anybody waits for it.
                ondine.models().forEach(LocalModel::details);
                ondine.model().load();
                return ondine;
            } catch (RuntimeException | Error e) {
                ondine.close();
                throw e;
            }
        }
    }

    /** Without state where the usual folder cannot be had: that must not keep anybody from answers. */
    private Ondine ondine(OndineSettings settings) {
        Optional<Path> state = kernel.state(console, access.port());
        try {
            return new Ondine(state.map(settings::withState).orElse(settings));
        } catch (RuntimeException e) {
            if (kernel.isStateAsked() || state.isEmpty()) {
                throw e;
            }
            console.notice("no durable tasks: " + Failures.describe(e));
            return new Ondine(settings);
        }
    }

    private static ModelSource source(String given) {
        int equals = given.indexOf('=');
        Path whole = Path.of(given);
        if (equals <= 0 || whole.toFile().exists()) {
            return ModelSource.file(whole);
        }
        return ModelSource.file(Path.of(given.substring(equals + 1))).named(given.substring(0, equals));
    }

    private void announce(OndineServer server, Ondine ondine, int resumed) {
        List<String> names = ondine.models().stream().map(LocalModel::name).toList();
        if (options.json()) {
            Json.print(console, Json.object("address", server.address(), "models", names, "resumed_tasks", resumed));
            return;
        }
        console.out().println("ondine serves %s at %s%s".formatted(String.join(", ", names), server.address(),
                resumed == 0 ? "" : "; %d durable tasks go on".formatted(resumed)));
        console.out().flush();
    }

    private void broken(String where, Throwable failure) {
        console.say("ondine: %s: %s".formatted(where, Display.harmless(Failures.describe(failure))));
    }
}
