package dev.ondine.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.api.ModelSource;
import dev.ondine.api.ModelState;
import dev.ondine.api.Ondine;
import dev.ondine.api.OndineSettings;
import dev.ondine.server.FrontServer.Reply;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class SeveralModelsTest {

    private Ondine ondine;
    private FrontServer server;

    @BeforeEach
    void start() {
        ondine = new Ondine(OndineSettings.standard());
        ondine.add(ModelSource.embedded().named("first").withAlias("alpha"));
        ondine.add(ModelSource.embedded().named("second"));
        server = new FrontServer(TrialServer.OPTIONS, ondine);
    }

    @AfterEach
    void stop() {
        server.close();
        assertThat(server.broken).isEmpty();
    }

    @Test
    void loadsAModelWhenItIsAskedFor() {
        assertThat(states()).containsExactly(ModelState.KNOWN, ModelState.KNOWN);
        assertThat(server.get("/api/ps").json().get("models")).isEmpty();

        server.ask("/v1/messages", "{\"model\": \"second\", \"max_tokens\": 1, \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}");

        assertThat(states()).containsExactly(ModelState.KNOWN, ModelState.READY);
        JsonNode running = server.get("/api/ps").json().get("models");
        assertThat(running).hasSize(1);
        assertThat(running.at("/0/name").stringValue()).isEqualTo("second:latest");
        assertThat(running.at("/0/context_length").intValue()).isEqualTo(512);
        assertThat(running.at("/0/processor").stringValue()).isEqualTo("100% CPU");
        assertThat(server.get("/api/tags").json().get("models")).hasSize(2);
    }

    @Test
    void findsAModelByItsOtherNames() {
        server.ask("/v1/responses", "{\"model\": \"alpha\", \"max_output_tokens\": 1, \"input\": \"Hi\"}");
        server.ask("/api/generate", "{\"model\": \"first:latest\", \"prompt\": \"Hi\", \"stream\": false, \"options\": {\"num_predict\": 1}}");

        assertThat(states()).containsExactly(ModelState.READY, ModelState.KNOWN);
    }

    @Test
    void loadsAndUnloadsByRequest() {
        JsonNode loaded = server.ask("/v1/models/load", "{\"model\": \"first\"}");
        assertThat(loaded.get("state").stringValue()).isEqualTo("ready");
        assertThat(loaded.get("bytes").longValue()).isGreaterThan(5_000_000);

        JsonNode unloaded = server.ask("/v1/models/unload", "{\"model\": \"first\", \"grace_ms\": 0}");
        assertThat(unloaded.get("state").stringValue()).isEqualTo("known");
        assertThat(states()).containsExactly(ModelState.KNOWN, ModelState.KNOWN);
    }

    @Test
    void loadsAndUnloadsAsOllamaDoes() {
        assertThat(server.ask("/api/generate", "{\"model\": \"first\"}").get("done_reason").stringValue()).isEqualTo("load");
        assertThat(states()).containsExactly(ModelState.READY, ModelState.KNOWN);
        assertThat(server.ask("/api/chat", "{\"model\": \"first\", \"messages\": [], \"keep_alive\": 0}").get("done_reason").stringValue()).isEqualTo("unload");
        assertThat(states()).containsExactly(ModelState.KNOWN, ModelState.KNOWN);
    }

    @Test
    @Timeout(60)
    void letsAModelGoAfterItsTime() throws InterruptedException {
        generate("\"1h\"");
        assertThat(server.get("/api/ps").json().at("/models/0/expires_at").stringValue()).startsWith("20");
        generate("\"5ms\"");
        awaitNoneInMemory();
        generate("0");
        awaitNoneInMemory();
        assertThat(server.get("/api/ps").json().get("models")).isEmpty();
    }

    private void generate(String keepAlive) {
        server.ask("/api/generate", "{\"model\": \"first\", \"prompt\": \"Hi\", \"stream\": false, \"keep_alive\": " + keepAlive
                + ", \"options\": {\"num_predict\": 1}}");
    }

    private void awaitNoneInMemory() throws InterruptedException {
        while (states().anyMatch(state -> state != ModelState.KNOWN)) {
            Thread.sleep(5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"third", "../first", "/etc/passwd", "first/../second", "first\\u0000", "file:///etc/passwd", "FIRST", " first", "first.gguf"})
    void knowsNoOtherNames(String name) {
        String message = "[{\"role\": \"user\", \"content\": \"Hi\"}]";
        Reply anthropic = server.post("/v1/messages", "{\"model\": \"" + name + "\", \"max_tokens\": 1, \"messages\": " + message + "}");
        Reply ollama = server.post("/api/chat", "{\"model\": \"" + name + "\", \"messages\": " + message + "}");
        Reply openAi = server.post("/v1/chat/completions", "{\"model\": \"" + name + "\", \"messages\": " + message + "}");
        Reply responses = server.post("/v1/responses", "{\"model\": \"" + name + "\", \"input\": \"Hi\"}");
        Reply load = server.post("/v1/models/load", "{\"model\": \"" + name + "\"}");

        assertThat(Stream.of(anthropic, ollama, openAi, responses, load)).allSatisfy(reply -> assertThat(reply.status()).isEqualTo(404));
        assertThat(anthropic.json().at("/error/type").stringValue()).isEqualTo("not_found_error");
        assertThat(ollama.json().get("error").stringValue()).contains("there is no model");
        assertThat(openAi.json().at("/error/code").stringValue()).isEqualTo("model_not_found");
        assertThat(states()).containsExactly(ModelState.KNOWN, ModelState.KNOWN);
    }

    private Stream<ModelState> states() {
        return ondine.models().stream().map(model -> model.state());
    }
}
