package dev.ondine.server;

import dev.ondine.api.Ondine;
import dev.ondine.server.anthropic.AnthropicApi;
import dev.ondine.server.chat.TaskDesk;
import dev.ondine.server.http.EndpointGroup;
import dev.ondine.server.http.RequestObserver;
import dev.ondine.server.ollama.OllamaApi;
import dev.ondine.server.openai.ChatCompletions;
import dev.ondine.server.openai.Completions;
import dev.ondine.server.openai.Embeddings;
import dev.ondine.server.openai.Models;
import dev.ondine.server.responses.ResponsesApi;
import dev.ondine.server.task.ModelDirectory;
import java.time.Duration;
import java.util.List;

/** Starts servers with all APIs. */
final class FrontServer {

    private FrontServer() {
    }

    /** A server for the models of an Ondine, at a free port. */
    static Server start(Ondine ondine) {
        var models = new ModelDirectory(ondine);
        var desk = new TaskDesk(models);
        List<EndpointGroup> groups = List.of(new ChatCompletions(models), new Completions(models), new Embeddings(models), new Models(models),
                new AnthropicApi(desk), new ResponsesApi(desk), new OllamaApi(desk, "0.1.0"));
        return new Server(ServerOptions.local().withPort(0).withGrace(Duration.ofSeconds(2)), groups, new Complaints()).start();
    }

    /** Prints what breaks, so that a failed test shows it. */
    private static final class Complaints implements RequestObserver {

        @Override
        public void answered(String method, String route, int status, Duration time) {
            // Clients look at what they get.
        }

        @Override
        public void broken(String where, Throwable cause) {
            cause.printStackTrace();
        }
    }
}
