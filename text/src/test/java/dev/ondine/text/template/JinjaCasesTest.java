package dev.ondine.text.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every piece of the language against what jinja2 itself makes of it; the resource says how it was recorded. */
class JinjaCasesTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-05T09:30:07Z"), ZoneOffset.UTC);

    @TestFactory
    Stream<DynamicTest> rendersLikeJinja() throws Exception {
        JsonNode reference;
        try (InputStream resource = JinjaCasesTest.class.getResourceAsStream("jinja-cases.json")) {
            reference = JSON.readTree(resource);
        }
        Map<String, Object> variables = JSON.convertValue(reference.get("variables"), new TypeReference<>() { });
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode item : reference.get("cases")) {
            String source = item.get(0).asString();
            tests.add(DynamicTest.dynamicTest(PythonText.quoted(source), () -> check(source, item.get(1), variables)));
        }
        assertThat(tests).hasSizeGreaterThan(700);
        return tests.stream();
    }

    private static void check(String source, JsonNode expected, Map<String, Object> variables) {
        if (expected.isNull()) {
            assertThatThrownBy(() -> Template.parse(source).render(variables, CLOCK)).isInstanceOf(TemplateException.class);
        } else {
            assertThat(Template.parse(source).render(variables, CLOCK)).isEqualTo(expected.asString());
        }
    }
}
