package dev.ondine.server;

import dev.ondine.api.Ondine;
import dev.ondine.server.anthropic.AnthropicApi;
import dev.ondine.server.chat.TaskDesk;
import dev.ondine.server.console.ConsolePage;
import dev.ondine.server.http.EndpointGroup;
import dev.ondine.server.monitor.Health;
import dev.ondine.server.monitor.Metrics;
import dev.ondine.server.monitor.MonitorEndpoints;
import dev.ondine.server.monitor.ServerClock;
import dev.ondine.server.monitor.StatsReport;
import dev.ondine.server.monitor.StepWatch;
import dev.ondine.server.monitor.TaskEndpoints;
import dev.ondine.server.ollama.OllamaApi;
import dev.ondine.server.openai.ChatCompletions;
import dev.ondine.server.openai.Completions;
import dev.ondine.server.openai.DetachedChats;
import dev.ondine.server.openai.Embeddings;
import dev.ondine.server.openai.Models;
import dev.ondine.server.responses.ResponsesApi;
import dev.ondine.server.shelf.ModelLoading;
import dev.ondine.server.task.ModelDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** A server with all endpoints, for the models of one {@link Ondine}. It borrows them: whoever opened them closes them after it. */
public final class OndineServer implements AutoCloseable {

    private final Server server;
    private final StepWatch watch;
    private final AutoCloseable counting;

    /**
     * Starts it.
     *
     * @param version  of the program
     * @param failures hears of what broke that should not: where, and the cause
     * @throws IllegalArgumentException if the address is taken, or a file of the options cannot be used
     */
    public OndineServer(ServerOptions options, Ondine ondine, String version, BiConsumer<String, Throwable> failures) {
        var metrics = new Metrics(failures);
        this.watch = new StepWatch(ondine.kernel());
        this.counting = metrics.watch(ondine);
        this.server = new Server(options, endpoints(ondine, metrics, watch, version), metrics);
        metrics.gauge("ondine.connections", server::connections);
        metrics.gauge("ondine.requests.working", server::working);
        try {
            server.start();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Where clients find it. */
    public String address() {
        return server.address();
    }

    /** The port it listens at. */
    public int port() {
        return server.port();
    }

    /** Refuses new requests, waits as long as the options say for those in progress, then ends them. */
    @Override
    public void close() {
        server.close();
        watch.close();
        try {
            counting.close();
        } catch (Exception e) {
            throw new IllegalStateException("the counting of steps cannot be taken off", e);
        }
    }

    private static List<EndpointGroup> endpoints(Ondine ondine, Metrics metrics, StepWatch watch, String version) {
        var models = new ModelDirectory(ondine);
        var clock = ServerClock.started();
        var groups = new ArrayList<EndpointGroup>();
        groups.add(new Health(ondine));
        groups.add(new ConsolePage());
        groups.add(metrics);
        groups.add(new TaskEndpoints(ondine.kernel(), new DetachedChats(models), clock));
        groups.add(new MonitorEndpoints(watch, new StatsReport(ondine, watch, clock, version), clock));
        groups.add(new Models(models));
        groups.add(new ChatCompletions(models));
        groups.add(new Completions(models));
        groups.add(new Embeddings(models));
        var desk = new TaskDesk(models);
        groups.add(new ResponsesApi(desk));
        groups.add(new AnthropicApi(desk));
        groups.add(new OllamaApi(desk, version));
        groups.add(new ModelLoading(models));
        return groups;
    }
}
