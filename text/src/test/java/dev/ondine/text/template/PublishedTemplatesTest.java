package dev.ondine.text.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ondine.testkit.SharedFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Templates as published with their models, against what transformers renders. */
class PublishedTemplatesTest {

    private static final JsonMapper JSON = new JsonMapper();
    private final Map<String, Template> parsed = new HashMap<>();

    @TestFactory
    Stream<DynamicTest> renderLikeTransformers() {
        JsonNode reference = SharedFiles.requireJson("fixtures/templates/templates.json");
        Clock clock = Clock.fixed(LocalDateTime.parse(reference.get("now").asString()).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode golden : reference.get("goldens")) {
            String name = golden.get("template").asString() + " " + golden.get("conversation").asString();
            tests.add(DynamicTest.dynamicTest(name, () -> check(golden, reference, clock)));
        }
        assertThat(tests).hasSizeGreaterThan(200);
        return tests.stream();
    }

    private void check(JsonNode golden, JsonNode reference, Clock clock) {
        Template template = parsed.computeIfAbsent(golden.get("template").asString(), PublishedTemplatesTest::parse);
        Map<String, Object> variables = new HashMap<>();
        variables.put("messages", plain(reference.get("conversations").get(golden.get("conversation").asString())));
        variables.put("tools", golden.get("tools").asBoolean() ? plain(reference.get("tools")) : null);
        variables.put("documents", null);
        variables.put("add_generation_prompt", golden.get("add_generation_prompt").asBoolean());
        golden.get("variables").properties().forEach(entry -> variables.put(entry.getKey(), plain(entry.getValue())));
        if (golden.has("expected")) {
            assertThat(template.render(variables, clock)).isEqualTo(golden.get("expected").asString());
            return;
        }
        String error = golden.get("error").asString();
        TemplateException refusal = catchThrowableOfType(TemplateException.class, () -> template.render(variables, clock));
        assertThat(refusal).as(error).isNotNull();
        assertThat(refusal.isRaised()).isEqualTo(error.startsWith("TemplateError: "));
        if (refusal.isRaised()) {
            assertThat(refusal.problem()).isEqualTo(error.substring("TemplateError: ".length()));
        }
    }

    private static Template parse(String file) {
        try {
            return Template.parse(Files.readString(SharedFiles.require("fixtures/templates/" + file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object plain(JsonNode node) {
        return JSON.convertValue(node, Object.class);
    }
}
