package dev.ondine.text.template;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A running loop, and its {@code loop} variable. It reads ahead only when the template asks for what comes, because
 * the loop's condition may depend on what the body does.
 */
final class Loop implements Callable {

    private final Run run;
    private final Statement.For statement;
    private final Scope scope;
    private final int depth;
    private Iterator<Object> source;
    private Object before = Scope.ABSENT;
    private Object current = Scope.ABSENT;
    private Object after = Scope.ABSENT;
    private int index0 = -1;
    private int length = -1;
    private boolean filtered;
    private Object changed = Scope.ABSENT;

    Loop(Run run, Statement.For statement, Scope scope, Object values, int depth) {
        this.run = run;
        this.statement = statement;
        this.scope = scope;
        this.source = Values.iterator(run, values);
        this.depth = depth;
    }

    boolean advance() {
        Object next = peek();
        if (next == Scope.ABSENT) {
            return false;
        }
        before = current;
        current = next;
        after = Scope.ABSENT;
        index0++;
        return true;
    }

    Object current() {
        return current;
    }

    boolean isEmpty() {
        return index0 < 0;
    }

    private Object peek() {
        while (after == Scope.ABSENT && source.hasNext()) {
            run.step();
            Object item = source.next();
            after = isWanted(item) ? item : Scope.ABSENT;
        }
        return after;
    }

    private boolean isWanted(Object item) {
        if (statement.condition() == null || filtered) {
            return true;
        }
        Scope inside = new Scope(scope);
        statement.target().assign(run, inside, item);
        return Values.isTrue(run.evaluate(statement.condition(), inside));
    }

    int length() {
        if (length < 0) {
            List<Object> rest = new ArrayList<>();
            for (Object item = peek(); item != Scope.ABSENT; item = peek()) {
                run.chargeElements(1);
                rest.add(item);
                after = Scope.ABSENT;
            }
            length = index0 + 1 + rest.size();
            source = rest.iterator();
            filtered = true;
        }
        return length;
    }

    /** A member of the loop variable, or absent. */
    Object member(String name) {
        return switch (name) {
            case "index" -> index0 + 1L;
            case "index0" -> (long) index0;
            case "revindex" -> (long) length() - index0;
            case "revindex0" -> length() - index0 - 1L;
            case "first" -> index0 == 0;
            case "last" -> peek() == Scope.ABSENT;
            case "length" -> (long) length();
            case "depth" -> (long) depth;
            case "depth0" -> depth - 1L;
            case "previtem" -> before == Scope.ABSENT ? new Undefined("there is no previous item") : before;
            case "nextitem" -> peek() == Scope.ABSENT ? new Undefined("there is no next item") : after;
            case "cycle", "changed" -> new Method(this, name);
            default -> Scope.ABSENT;
        };
    }

    Object method(String name, List<Object> values) {
        if (name.equals("cycle")) {
            if (values.isEmpty()) {
                throw run.error("found no arguments of loop.cycle, expected some");
            }
            return values.get(index0 % values.size());
        }
        Tuple now = new Tuple(values, false);
        boolean differs = changed == Scope.ABSENT || !Values.areEqual(run, changed, now);
        changed = now;
        return differs;
    }

    /** Runs a recursive loop over the elements inside the current one. */
    @Override
    public Object call(Run run, Arguments arguments) {
        if (!statement.recursive()) {
            throw run.error("found a call of a loop that is not recursive, expected {% for ... recursive %}");
        }
        Object values = arguments.bind(run, "loop", 1, "iterable")[0];
        StringBuilder outside = run.beginCapture();
        statement.loop(run, scope, values, depth + 1);
        return run.endCapture(outside);
    }
}
