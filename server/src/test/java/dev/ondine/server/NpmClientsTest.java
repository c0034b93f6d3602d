package dev.ondine.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.pebble.Pebble;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Official clients against a server on the embedded model: each script's cases are tests. */
class NpmClientsTest {

    private static FrontServer server;

    @BeforeAll
    static void start() {
        NpmClients.install();
        server = new FrontServer();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> anthropic() {
        return cases("anthropic.mjs");
    }

    @TestFactory
    Stream<DynamicTest> openAi() {
        return cases("openai.mjs");
    }

    @TestFactory
    Stream<DynamicTest> openAiResponses() {
        return cases("responses.mjs");
    }

    @TestFactory
    Stream<DynamicTest> ollama() {
        return cases("ollama.mjs");
    }

    private static Stream<DynamicTest> cases(String script) {
        return NpmClients.run(script, server.address(), Pebble.NAME).stream()
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> assertThat(each.error()).as(each.name()).isNull()));
    }
}
