package dev.ondine.text.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Random changes of templates: whatever they become, they render or are refused with a {@link TemplateException}. */
class MutatedTemplatesTest {

    private static final Limits LIMITS = new Limits(1 << 16, 60, 200, 20_000, 1 << 20, 1 << 18);
    private static final Pattern TOKENS = Pattern.compile("\\{[%{#][-+]?|[-+]?[%}#]\\}|\\w+|\\s+|.", Pattern.DOTALL);
    private static final List<String> SOURCES = List.of(
            """
            {%- set ns = namespace(n=0, last=none) -%}
            {%- macro show(m, prefix='>', depth=0) -%}{{ prefix * depth }}{{ m.role|upper }}: {{ (m.content or '')|trim }}{%- endmacro -%}
            {% for m in messages if m.role != 'tool' %}
              {%- set ns.n = ns.n + 1 -%}
              {{ show(m, depth=loop.index0) }}{% if not loop.last and loop.nextitem.role == m.role %}!{% elif loop.first %}?{% else %}.{% endif %}
              {% if m.tool_calls is defined %}{{ m.tool_calls|tojson(indent=2, sort_keys=true) }}{% continue %}{% endif %}
            {% else %}none{% endfor %}
            {{ ns.n // 2 ~ ns.last }}{% if add_generation_prompt %}{{ '<assistant>\\n' }}{% endif %}
            """,
            """
            {%- for k, v in messages[0].items()|sort(reverse=true) %}{{ "%s=%r" % (k, v) }}{{ loop.cycle('a', 'b') }}{% endfor %}
            {% set words = messages|map(attribute='content')|select('string')|join(' ') %}{{ words.split()[::-1][:3] }}
            {% set block|indent(2) %}{{ words|length * 1.5 }}{% endset %}{{ block.strip().replace('a', 'b', 1).title() }}
            {% filter upper %}{% call(x) wrap(1, *[2], **{'c': 3}) %}{{ x is divisibleby 2 }}{% endcall %}{% endfilter %}
            {% with a = 1, b = {'x': (1, 2), 3: [none, true]} %}{{ b['x'][0] + a if a in b or 3 in b else b|dictsort }}{% endwith %}
            {% raw %}{{ raw }}{% endraw %}{# comment #}{% generation %}{{ messages|groupby('role')|list|length }}{% endgeneration %}
            """);
    private static final List<String> PIECES = List.of("-", "+", "%}", "{%", "{{", "}}", "{#", "#}", " ", "\n", "|", ".", "[", "]", "(", ")", "{", "}",
            ",", ":", "=", "==", "<", "**", "*", "//", "%", "~", "'", "\"", "\\", "not ", " and ", " in ", " is ", " if ", " else ", "none", "true", "1", "-1",
            "9223372036854775807", "0.5", "1e308", "''", "'\uD83D\uDE00'", "[]", "{}", "()", "loop", "loop.length", "messages", "ns", "range(9)", "varargs", "caller",
            "|length", "|list", "|first", "|last", "|tojson", "|int", "|float", "|round(2)", "|sum", "|min", "|sort", "|unique|list", "|batch(2)|list", "|slice(2)|list",
            "|map('upper')", "|reverse", "|items", "|string", "|format(1)", "|truncate(3)", "|wordcount", "|indent", "|e", "|abs", "|join(1)", "|groupby('role')",
            "[1:]", "[::-2]", "[-1]", "[none]", "['a']", ".append(1)", ".pop()", ".split('a')", ".format(1)", ".center(9)", ".items()", ".partition('a')", ".find('')",
            "{% set x = 1 %}", "{% break %}", "{% endfor %}", "{% endif %}", "{% if x %}", "{% for x in x %}", "{% else %}", "{% raw %}", "strftime_now('%c')");

    @Test
    void renderOrAreRefused() {
        Random random = new Random(11);
        Map<String, Object> variables = variables();
        int rendered = 0;
        for (int round = 0; round < 6000; round++) {
            String source = mutated(SOURCES.get(round % SOURCES.size()), random);
            try {
                Template.parse(source, LIMITS).render(variables, Clock.systemUTC());
                rendered++;
            } catch (TemplateException refusal) {
                assertThat(refusal.problem()).isNotBlank();
            } catch (RuntimeException | StackOverflowError failure) {
                throw new AssertionError("round " + round + " failed with\n" + source, failure);
            }
        }
        assertThat(rendered).as("some must get through for the test to reach the interpreter").isGreaterThan(300);
    }

    private static Map<String, Object> variables() {
        Map<String, Object> call = new LinkedHashMap<>();
        call.put("role", "assistant");
        call.put("content", null);
        call.put("tool_calls", List.of(Map.of("name", "f", "arguments", Map.of("x", 1.5))));
        List<Object> messages = new ArrayList<>(List.of(Map.of("role", "user", "content", "caf\u00e9 a b"), call, Map.of("role", "tool", "content", "42")));
        return Map.of("messages", messages, "add_generation_prompt", true, "x", Arrays.asList(1, "a", null));
    }

    private static String mutated(String source, Random random) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKENS.matcher(source);
        while (matcher.find()) {
            tokens.add(matcher.group());
        }
        for (int change = random.nextInt(4); change >= 0; change--) {
            int at = random.nextInt(tokens.size());
            String piece = random.nextInt(4) == 0 ? tokens.get(random.nextInt(tokens.size())) : PIECES.get(random.nextInt(PIECES.size()));
            switch (random.nextInt(3)) {
                case 0 -> tokens.remove(at);
                case 1 -> tokens.set(at, piece);
                default -> tokens.add(at, piece);
            }
        }
        return String.join("", tokens);
    }
}
