package dev.ondine.text.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigInteger;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateTest {

    private static String render(String source, Map<String, ?> variables) {
        return Template.parse(source).render(variables, Clock.systemUTC());
    }

    private static TemplateException refusal(String source) {
        return catchThrowableOfType(TemplateException.class, () -> render(source, Map.of()));
    }

    @Test
    void saysInWhichLineParsingFailedAndWhatWasExpected() {
        assertThat(refusal("a\nb {{ 1 + }}")).hasMessage("template line 2: found '}}', expected an expression");
        assertThat(refusal("{% if true %}\n\n{% for x in y %}").line()).isEqualTo(3);
        assertThat(refusal("{% for x in y %}\n{% endif %}"))
                .hasMessage("template line 2: found 'endif', expected 'endfor' of {% for %} in line 1");
        assertThat(refusal("{% if x %}\n")).hasMessageContaining("expected {% endif %} of {% if %} in line 1");
    }

    @Test
    void saysInWhichLineRenderingFailed() {
        assertThat(refusal("x\n{{ 'a'\n + none }}")).hasMessage("template line 3: found str + NoneType, expected operands that go together");
        assertThat(refusal("\n\n{{ a.b }}")).hasMessage("template line 3: 'a' is undefined");
        assertThat(refusal("{%- set x -%}\n\n{{ 1|frob }}{% endset %}")).hasMessageStartingWith("template line 3: found the filter 'frob'");
        assertThat(refusal("{# 1\n2\r\n3\r #}{{ [1].x.y }}").line()).isEqualTo(4);
    }

    @Test
    void passesOnWhatTheTemplateRaises() {
        TemplateException raised = refusal("{{ raise_exception('no ' ~ 'system role') }}");
        assertThat(raised.isRaised()).isTrue();
        assertThat(raised.problem()).isEqualTo("no system role");
        assertThat(refusal("{{ 1 / 0 }}").isRaised()).isFalse();
    }

    @Test
    void takesAllKindsOfPlainJavaValues() {
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("v", Arrays.asList(null, true, (byte) 1, 2, 3L, 1.5f, 2.5, BigInteger.TEN, "x", Map.of("k", List.of())));
        assertThat(render("{{ v }}", variables)).isEqualTo("[None, True, 1, 2, 3, 1.5, 2.5, 10, 'x', {'k': []}]");
    }

    @Test
    void refusesOtherJavaValues() {
        assertThatThrownBy(() -> render("", Map.of("v", new Object()))).isInstanceOf(TemplateException.class)
                .hasMessageContaining("class java.lang.Object");
        assertThatThrownBy(() -> render("", Map.of("v", BigInteger.TWO.pow(64)))).isInstanceOf(TemplateException.class);
    }

    @Test
    void changesNothingOfTheCaller() {
        List<Object> list = new ArrayList<>(List.of("a"));
        Map<String, Object> dict = new LinkedHashMap<>(Map.of("k", list));
        String text = render("{{ d.k.append('b') or '' }}{% set _ = d.update({'x': 1}) %}{{ d }}{{ d.pop('x') }}{{ d.k.pop(0) }}", Map.of("d", dict));
        assertThat(text).isEqualTo("{'k': ['a', 'b'], 'x': 1}1a");
        assertThat(dict).isEqualTo(Map.of("k", List.of("a")));
    }

    @Test
    void followsAListThatGrowsWhileItIsRead() {
        assertThat(render("{% set l = [1, 2] %}{% for x in l %}{{ x }}{% if l|length < 5 %}{% set _ = l.append(x + 2) %}{% endif %}{% endfor %}", Map.of()))
                .isEqualTo("12345");
    }

    @Test
    void readsADictThatChangesMeanwhileAsItWas() {
        assertThat(render("{% set d = {'a': 1} %}{% for k in d %}{% set _ = d.update({'b': 2}) %}{{ k }}{% endfor %}{{ d|length }}", Map.of())).isEqualTo("a2");
    }

    @Test
    void listMethodsWorkAsInPython() {
        assertThat(render("{% set l = [3, 1] %}{{ l.insert(-9, 0) }}{{ l.extend((7, 8)) }}{{ l.remove(3) }}{{ l.reverse() }}{{ l }}{{ l.copy() }}{{ l.clear() }}{{ l }}", Map.of()))
                .isEqualTo("NoneNoneNoneNone[8, 7, 1, 0][8, 7, 1, 0]None[]");
        assertThat(refusal("{{ [].pop() }}")).isNotNull();
        assertThat(refusal("{{ [1].remove(2) }}")).isNotNull();
    }

    @Test
    void dictMethodsWorkAsInPython() {
        assertThat(render("{% set d = {'a': 1} %}{{ d.setdefault('a', 5) }}{{ d.setdefault('b', 6) }}{{ d.copy() }}{{ d.pop('z', 0) }}{{ d.clear() }}{{ d }}", Map.of()))
                .isEqualTo("16{'a': 1, 'b': 6}0None{}");
        assertThat(refusal("{{ {}.pop('x') }}")).hasMessageContaining("'x'");
    }

    @Test
    void integersHave64Bits() {
        assertThat(render("{{ 9223372036854775807 - 1 }}", Map.of())).isEqualTo("9223372036854775806");
        assertThat(refusal("{{ 9223372036854775807 + 1 }}")).hasMessageContaining("64 bits");
        assertThat(refusal("{{ 9223372036854775808 }}")).hasMessageContaining("64 bits");
        assertThat(refusal("{{ -(0 - 9223372036854775807 - 1) }}")).hasMessageContaining("64 bits");
        assertThat(refusal("{{ (0 - 9223372036854775807 - 1) // -1 }}")).hasMessageContaining("64 bits");
    }

    @Test
    void unknownFiltersAndTestsFailOnlyWhereTheyAreReached() {
        assertThat(render("{{ 1 if true else 2|frob }}", Map.of())).isEqualTo("1");
        assertThat(refusal("{{ 1 is frob(2) }}")).hasMessageContaining("'frob'");
        assertThat(refusal("{{ 1|frob(2) }}")).hasMessageContaining("'frob'");
    }

    @Test
    void reachesNothingBehindTheValues() {
        for (String name : List.of("__class__", "class", "getClass", "hashCode", "__init__", "_undefined_name")) {
            assertThat(render("{{ ''." + name + " }}{{ []['" + name + "'] }}{{ 1|attr('" + name + "') }}", Map.of())).isEmpty();
        }
    }

    @Test
    void oneTemplateServesManyThreads() throws InterruptedException {
        Template template = Template.parse("{% set ns = namespace(n=0) %}{% for i in range(200) %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}");
        List<String> texts = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.startVirtualThread(() -> texts.add(template.render(Map.of(), Clock.systemUTC()))));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(texts).hasSize(8).containsOnly("19900");
    }
}
