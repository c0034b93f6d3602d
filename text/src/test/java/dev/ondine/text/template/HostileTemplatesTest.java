package dev.ondine.text.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates made to exhaust the stack, the memory or the patience; each must be refused, soon, on a small stack. */
class HostileTemplatesTest {

    private static final long SMALL_STACK = 512 * 1024;
    private static final int MANY = 100_000;
    /** The standard limits with less work, which keeps the tests short. */
    private static final Limits SHORT = new Limits(Limits.STANDARD.sourceLength(), Limits.STANDARD.nesting(), Limits.STANDARD.depth(),
            Limits.STANDARD.steps() / 10, Limits.STANDARD.text() / 8, Limits.STANDARD.output() / 8);
    private static final String DEEP = "{% set ns = namespace(a=[1], b=[1]) %}{% for i in range(3000) %}{% set ns.a = [ns.a] %}{% set ns.b = [ns.b] %}{% endfor %}";
    private static final String WIDE = "{% set ns = namespace(a=[1], b=[1]) %}{% for i in range(90) %}{% set ns.a = [ns.a, ns.a] %}{% set ns.b = [ns.b, ns.b] %}{% endfor %}";

    private static void assertRefused(String source) throws InterruptedException {
        assertRefused(source, SHORT);
    }

    private static void assertRefused(String source, Limits limits) throws InterruptedException {
        AtomicReference<Throwable> outcome = new AtomicReference<>();
        Thread thread = new Thread(null, () -> {
            try {
                Template.parse(source, limits).render(Map.of("d", Map.of("a", 1)), Clock.systemUTC());
            } catch (Throwable refusal) {
                outcome.set(refusal);
            }
        }, "small stack", SMALL_STACK);
        thread.setDaemon(true);
        thread.start();
        thread.join(20_000);
        assertThat(thread.isAlive()).as("still running").isFalse();
        assertThat(outcome.get()).isInstanceOf(TemplateException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "{1:", "-", "not ", "f(", "1 if 0 else ", "1 is in [", "'a' ~ (", "a[", "x if (", "[x for (", "**", "{{", "{%", "{#", "'", "1 + -"})
    void deepOrEndlessExpressions(String opening) throws InterruptedException {
        assertRefused("{{ " + opening.repeat(MANY));
        assertRefused("{{ " + opening.repeat(MANY) + "1" + ")".repeat(MANY) + " }}");
    }

    @ParameterizedTest
    @ValueSource(strings = {" + 1", ".a", "[0]", "|trim", " and 1", "()", " * 2", " or 0", " is defined"})
    void longChains(String link) throws InterruptedException {
        assertRefused("{{ d" + link.repeat(MANY) + " }}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{% if 1 %}", "{% for x in d %}", "{% set x %}", "{% macro f() %}", "{% filter trim %}", "{% with %}",
        "{% call f() %}", "{% generation %}", "{% raw %}", "{#", "{% for ((((x in y", "{% if 1 %}{% else %}"})
    void deepOrUnclosedTags(String opening) throws InterruptedException {
        assertRefused(opening);
        assertRefused(opening.repeat(MANY / 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{% macro f(n) %}{{ f(n) }}{% endmacro %}{{ f(1) }}",
        "{% macro f(n) %}{% for i in range(10) %}{% set x %}{{ 1 ~ (f(n)|upper) }}{% endset %}{% endfor %}{% endmacro %}{{ f(1) }}",
        "{% macro f() %}{% call f() %}{{ caller() }}{% endcall %}{% endmacro %}{{ f() }}",
        "{% macro f() %}{{ f(**kwargs) }}{% endmacro %}{{ f(a=1) }}",
        "{% macro f(a=f()) %}{% endmacro %}{{ f() }}",
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}"})
    void endlessRecursion(String source) throws InterruptedException {
        assertRefused(source);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{% for i in range(10**12) %}{% endfor %}",
        "{% for i in range(-9223372036854775807, 9223372036854775807) %}{% endfor %}",
        "{% for i in range(99999) %}{% for j in range(99999) %}{% for k in range(99999) %}{% endfor %}{% endfor %}{% endfor %}",
        "{% for i in range(99999) %}{% for j in range(99999) %}some text{% endfor %}{% endfor %}",
        "{% for i in range(99999) if false %}{% endfor %}{% for i in range(99999) %}{% for j in range(99999) if false %}{% endfor %}{% endfor %}",
        "{% set l = [1] %}{% for x in l %}{% set _ = l.append(x) %}{% endfor %}",
        "{% set l = range(99999)|list %}{% for i in range(99999) %}{{ 'x' in l }}{% endfor %}",
        "{% set l = range(99999)|list %}{% for i in range(99999) %}{{ l.pop(0) }}{% set _ = l.append(1) %}{% endfor %}"})
    void endlessLoops(String source) throws InterruptedException {
        assertRefused(source);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "'a' * 10**9", "10**9 * 'a'", "[1] * 10**9", "(1,) * 10**18", "'a'|center(10**10)", "'a'.ljust(10**18)", "'a'.zfill(10**10)",
        "'%1000000000d' % 1", "'%.1000000000f' % 1", "'{:1000000000}'.format(1)", "'a\nb'|indent(10**10)", "[1]|tojson(indent=10**10)",
        "([1] * 99999)|tojson(separators=('a' * 1000000, ''))", "('a' * 1000000).replace('a', 'b' * 1000000)",
        "('a' * 1000000).replace('', 'b' * 1000000)", "('a' * 1000000)|join('b' * 1000000)", "('b' * 1000000).join('a' * 1000000)",
        "[1]|batch(10**10, 1)|list", "[1]|slice(10**10)|list", "2 ** 10**9", "9 ** 9 ** 9", "10.0 ** 400", "range(10**12)|list",
        "('a' * 500000 ~ 'b') in 'a' * 1000000", "('a' * 1000000).count('a' * 500000 ~ 'b')", "('a' * 500000).strip('b' * 500000 ~ 'a')",
        "('a' * 1000000)|list", "('a ' * 1000000).split()", "('\n' * 1000000).splitlines()", "raise_exception('a' * 1000000)"})
    void hugeValues(String expression) throws InterruptedException {
        assertRefused("{{ " + expression + " }}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ns.a", "ns.a|tojson", "ns.a == ns.b", "[ns.a, ns.b]|sort", "ns.a in [ns.b]", "'%s' % ns.a", "'{}'.format(ns.a)", "ns",
        "{ns.a: 1}", "[ns.a]|unique", "[[ns.a, 1], [ns.b, 1]]|map('string')|list", "ns.a|string|length", "ns.a < ns.b"})
    void valuesThatContainThemselvesManyTimes(String expression) throws InterruptedException {
        assertRefused(DEEP + "{{ " + expression + " }}");
        assertRefused(WIDE + "{{ " + expression + " }}");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{% set a = [] %}{{ a.append(a) }}{{ a }}",
        "{% set a = {} %}{{ a.update(a=a) }}{{ a|tojson }}",
        "{% set a = [] %}{% set b = [] %}{{ a.append(b) }}{{ b.append(a) }}{{ a == b }}",
        "{% set ns = namespace() %}{% set ns.a = ns %}{{ ns }}",
        "{% set ns = namespace(a='x') %}{% for i in range(99) %}{% set ns.a = ns.a + ns.a %}{% endfor %}",
        "{% set ns = namespace(a=[1]) %}{% for i in range(99) %}{% set ns.a = ns.a + ns.a %}{% endfor %}",
        "{% set a = [1] %}{% for x in range(99) %}{% set _ = a.extend(a) %}{% endfor %}",
        "{% set s = '\uD83D\uDE00' * 900000 %}{% for i in range(99999) %}{{ s[i] }}{{ s|length }}{% endfor %}",
        "{% set s = 'a' * 900000 %}{% set t = 'a' * 900000 %}{% for i in range(99999) %}{{ s == t }}{{ s < t }}{{ {}.get(s) }}{% endfor %}"})
    void growthStepByStep(String source) throws InterruptedException {
        assertRefused(source);
    }

    @Test
    void tenMegabytesOfJunk() throws InterruptedException {
        assertRefused("{{ x ".repeat(2_000_000));
        assertRefused("\0{%-".repeat(2_500_000));
        assertRefused("{".repeat(1_000_000));
        assertRefused("{{'".repeat(300_000));
        assertRefused("{{ " + "9".repeat(500_000) + " }}");
    }

    @Test
    void theStandardLimitsEndAnyWork() throws InterruptedException {
        assertRefused("{% for i in range(99999) %}{% for j in range(99999) %}{{ i }}{% endfor %}{% endfor %}", Limits.STANDARD);
        assertRefused("{% set ns = namespace(l=[]) %}{% for i in range(99999) %}{% set ns.l = ns.l + ['a' * 9999] %}{% endfor %}", Limits.STANDARD);
    }

    @Test
    void limitsAreTheCallers() {
        Limits tight = new Limits(100, 5, 20, 50, 1000, 10);
        assertRefusedWithin(tight, "x".repeat(101), "characters");
        assertRefusedWithin(tight, "{{ ((((((1)))))) }}", "5 levels");
        assertRefusedWithin(tight, "{% for i in range(60) %}{% endfor %}", "50 steps");
        assertRefusedWithin(tight, "{{ 'a' * 2000 }}", "1000 characters");
        assertRefusedWithin(tight, "{{ 'a' * 11 }}", "10 characters");
        assertRefusedWithin(tight, "{{ 1" + "+1".repeat(21) + " }}", "20 levels");
        assertThat(Template.parse("{{ 'a' * 10 }}", tight).render(Map.of(), Clock.systemUTC())).hasSize(10);
    }

    private static void assertRefusedWithin(Limits limits, String source, String reason) {
        assertThatThrownBy(() -> Template.parse(source, limits).render(Map.of(), Clock.systemUTC()))
                .isInstanceOf(TemplateException.class).hasMessageContaining(reason);
    }
}
