package dev.ondine.text.template;

import java.time.Clock;
import java.util.List;

/** One rendering: the text so far, the line where it stands, and what it has used of its limits. */
final class Run {

    private final Limits limits;
    private final Clock clock;
    private StringBuilder output = new StringBuilder();
    private int line = 1;
    private int depth;
    private long steps;
    private long text;

    Run(Limits limits, Clock clock) {
        this.limits = limits;
        this.clock = clock;
    }

    Clock clock() {
        return clock;
    }

    Object evaluate(Expression expression, Scope scope) {
        sink();
        Object value = expression.evaluate(this, scope);
        rise();
        return value;
    }

    Flow execute(List<Statement> body, Scope scope) {
        sink();
        Flow flow = Flow.NEXT;
        for (int i = 0; i < body.size() && flow == Flow.NEXT; i++) {
            step();
            flow = body.get(i).execute(this, scope);
        }
        rise();
        return flow;
    }

    /** The text that a body writes, instead of writing it. */
    String capture(List<Statement> body, Scope scope) {
        StringBuilder outside = beginCapture();
        execute(body, scope);
        return endCapture(outside);
    }

    /** Diverts what is written until {@link #endCapture}, which takes what this returns. */
    StringBuilder beginCapture() {
        StringBuilder outside = output;
        output = new StringBuilder();
        return outside;
    }

    String endCapture(StringBuilder outside) {
        String captured = output.toString();
        output = outside;
        return captured;
    }

    void write(String piece) {
        charge(piece.length());
        if (output.length() + (long) piece.length() > limits.output()) {
            throw error("found an output of more than " + limits.output() + " characters, expected less");
        }
        output.append(piece);
    }

    String output() {
        return output.toString();
    }

    /** One level deeper and one step further. A failure ends the whole run, so {@link #rise} needs no finally. */
    void sink() {
        step();
        if (++depth > limits.depth()) {
            throw error("found calls or values nested deeper than " + limits.depth() + " levels, expected fewer");
        }
    }

    void rise() {
        depth--;
    }

    void step() {
        if (++steps > limits.steps()) {
            throw error("found more than " + limits.steps() + " steps, expected fewer");
        }
    }

    /** Counts characters that are about to be made or searched. */
    void charge(long characters) {
        text += characters;
        if (text > limits.text() || characters < 0) {
            throw error("found more than " + limits.text() + " characters made or searched, expected fewer");
        }
    }

    void chargeElements(long count) {
        charge(count > Integer.MAX_VALUE ? count : count * Limits.ELEMENT);
    }

    void at(int line) {
        this.line = line;
    }

    int line() {
        return line;
    }

    TemplateException error(String problem) {
        return new TemplateException(line, problem, false);
    }

    TemplateException raised(String message) {
        return new TemplateException(line, message, true);
    }
}
