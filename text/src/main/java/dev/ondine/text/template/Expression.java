package dev.ondine.text.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The expressions of a template; each knows how to evaluate itself. */
sealed interface Expression {

    Object evaluate(Run run, Scope scope);

    record Literal(Object value) implements Expression {

        @Override
        public Object evaluate(Run run, Scope scope) {
            return value;
        }
    }

    record Name(String name) implements Expression {

        @Override
        public Object evaluate(Run run, Scope scope) {
            Object value = scope.find(name);
            return value != Scope.ABSENT ? value : Builtin.orUndefined(name);
        }
    }

    record ListOf(List<Expression> items) implements Expression {

        @Override
        public Object evaluate(Run run, Scope scope) {
            return all(items, run, scope);
        }
    }

    record TupleOf(List<Expression> items) implements Expression {

        @Override
        public Object evaluate(Run run, Scope scope) {
            return new Tuple(all(items, run, scope), false);
        }
    }

    private static List<Object> all(List<Expression> items, Run run, Scope scope) {
        run.chargeElements(items.size());
        List<Object> values = new ArrayList<>(items.size());
        for (Expression item : items) {
            values.add(run.evaluate(item, scope));
        }
        return values;
    }

    record Entry(Expression key, Expression value) { }

    record DictOf(List<Entry> entries, int line) implements Expression {

        @Override
        public Object evaluate(Run run, Scope scope) {
            run.chargeElements(entries.size());
            Map<Object, Object> dict = new LinkedHashMap<>();
            for (Entry entry : entries) {
                Object key = run.evaluate(entry.key(), scope);
                run.at(line);
                dict.put(Values.key(run, key), run.evaluate(entry.value(), scope));
            }
            return dict;
        }
    }

    record Member(Expression owner, String name, int line) implements Expression {

        @Override
        public Object evaluate(Run run, Scope scope) {
            Object value = run.evaluate(owner, scope);
            run.at(line);
            return Access.member(run, value, name);
        }
    }

    record Item(Expression owner, Expression index, int line) implements Expression {

        @Override
        public Object evaluate(Run run, Scope scope) {
            Object value = run.evaluate(owner, scope);
            Object key = run.evaluate(index, scope);
            run.at(line);
            return Access.item(run, value, key);
        }
    }

    /** Each bound may be null. */
    record Slice(Expression owner, Expression from, Expression to, Expression step, int line) implements Expression {

        @Override
        public Object evaluate(Run run, Scope scope) {
            Object value = run.evaluate(owner, scope);
            Long first = bound(from, run, scope);
            Long last = bound(to, run, scope);
            Long stride = bound(step, run, scope);
            run.at(line);
            return Access.slice(run, value, first, last, stride);
        }

        private static Long bound(Expression bound, Run run, Scope scope) {
            Object value = bound == null ? null : run.evaluate(bound, scope);
            return value == null ? null : (Long) Values.integer(run, value, "a bound of a slice");
        }
    }

    record Call(Expression callee, CallArguments arguments, int line) implements Expression {

        @Override
        public Object evaluate(Run run, Scope scope) {
            return evaluate(run, scope, null);
        }

        /** @param caller the body of a call block, or null */
        Object evaluate(Run run, Scope scope, Macro caller) {
            Object function = run.evaluate(callee, scope);
            Arguments values = arguments.evaluate(run, scope);
            run.at(line);
            if (caller != null) {
                Map<String, Object> named = new LinkedHashMap<>(values.named());
                named.put("caller", caller);
                values = new Arguments(values.positional(), named);
            }
            if (function instanceof Callable callable) {
                return callable.call(run, values);
            }
            throw run.error(function instanceof Undefined undefined ? undefined.problem()
                    : "found a call of " + Values.typeName(function) + ", expected something that can be called");
        }
    }

    record Filtered(Expression value, Filter filter) implements Expression {

        @Override
        public Object evaluate(Run run, Scope scope) {
            return filter.apply(run, scope, run.evaluate(value, scope));
        }
    }

    record Test(Expression value, String name, CallArguments arguments, int line) implements Expression {

        @Override
        public Object evaluate(Run run, Scope scope) {
            Object tested = run.evaluate(value, scope);
            Arguments values = arguments.evaluate(run, scope);
            run.at(line);
            return ValueTests.test(run, name, tested, values);
        }
    }

    record Not(Expression value) implements Expression {

        @Override
        public Object evaluate(Run run, Scope scope) {
            return !Values.isTrue(run.evaluate(value, scope));
        }
    }

    record And(Expression left, Expression right) implements Expression {

        @Override
        public Object evaluate(Run run, Scope scope) {
            Object first = run.evaluate(left, scope);
            return Values.isTrue(first) ? run.evaluate(right, scope) : first;
        }
    }

    record Or(Expression left, Expression right) implements Expression {

        @Override
        public Object evaluate(Run run, Scope scope) {
            Object first = run.evaluate(left, scope);
            return Values.isTrue(first) ? first : run.evaluate(right, scope);
        }
    }

    /** @param otherwise null where there is no else part */
    record Conditional(Expression condition, Expression value, Expression otherwise, int line) implements Expression {

        @Override
        public Object evaluate(Run run, Scope scope) {
            if (Values.isTrue(run.evaluate(condition, scope))) {
                return run.evaluate(value, scope);
            }
            return otherwise != null ? run.evaluate(otherwise, scope)
                    : new Undefined("the inline if in line " + line + " is false and has no else part");
        }
    }

    record Signed(boolean negative, Expression value, int line) implements Expression {

        @Override
        public Object evaluate(Run run, Scope scope) {
            Object number = run.evaluate(value, scope);
            run.at(line);
            return Operators.signed(run, negative, number);
        }
    }

    record Binary(Operator operator, Expression left, Expression right, int line) implements Expression {

        @Override
        public Object evaluate(Run run, Scope scope) {
            Object first = run.evaluate(left, scope);
            Object second = run.evaluate(right, scope);
            run.at(line);
            return Operators.apply(run, operator, first, second);
        }
    }

    record Concatenation(List<Expression> parts) implements Expression {

        @Override
        public Object evaluate(Run run, Scope scope) {
            StringBuilder text = new StringBuilder();
            for (Expression part : parts) {
                String piece = PythonText.str(run, run.evaluate(part, scope));
                run.charge(piece.length());
                text.append(piece);
            }
            return text.toString();
        }
    }

    record Operand(Comparison operator, Expression value) { }

    /** A chain of comparisons: {@code a < b < c} holds if both do, and c is evaluated only if the first one does. */
    record Compare(Expression first, List<Operand> operands, int line) implements Expression {

        @Override
        public Object evaluate(Run run, Scope scope) {
            Object left = run.evaluate(first, scope);
            for (Operand operand : operands) {
                Object right = run.evaluate(operand.value(), scope);
                run.at(line);
                if (!Operators.compare(run, operand.operator(), left, right)) {
                    return false;
                }
                left = right;
            }
            return true;
        }
    }
}
