package dev.ondine.text.template;

import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * A template in the language of jinja2, parsed once and rendered as transformers' {@code apply_chat_template} does:
 * {@code trim_blocks} and {@code lstrip_blocks}, loop controls, the generation tag, {@code tojson} without HTML escapes,
 * {@code raise_exception} and {@code strftime_now}. Templates come from model files and are not trusted: they reach
 * nothing but the variables they are given, and {@link Limits} bound their time and memory.
 *
 * <p>It differs from jinja2 in little: integers have 64 bits, keys of dicts are strings, numbers, booleans or none,
 * {@code safe} and {@code escape} return plain strings, filters such as {@code map} run at once, and methods that change
 * lists and dicts work. There are no tags for blocks, inheritance and imports. Instances are immutable and may be
 * shared by threads.
 *
 * @see <a href="https://jinja.palletsprojects.com/en/stable/templates/">Jinja's template designer documentation</a>
 */
public final class Template {

    private final List<Statement> body;
    private final Limits limits;

    private Template(List<Statement> body, Limits limits) {
        this.body = body;
        this.limits = limits;
    }

    /** @throws TemplateException if the source does not parse */
    public static Template parse(String source) {
        return parse(source, Limits.STANDARD);
    }

    /** @throws TemplateException if the source does not parse or is beyond its limits */
    public static Template parse(String source, Limits limits) {
        return new Template(Parser.parse(source, limits), limits);
    }

    /**
     * The text for these variables.
     *
     * @param variables null, booleans, numbers, strings, lists and maps of those, by name
     * @param clock the time that {@code strftime_now} tells
     * @throws TemplateException if the template refuses the variables, fails, or reaches a limit
     */
    public String render(Map<String, ?> variables, Clock clock) {
        Run run = new Run(limits, clock);
        Scope scope = new Scope(null);
        for (Map.Entry<String, ?> variable : variables.entrySet()) {
            scope.set(variable.getKey(), Inputs.copy(run, variable.getValue()));
        }
        run.execute(body, scope);
        return run.output();
    }
}
