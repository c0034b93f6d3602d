package dev.ondine.text.template;

import java.util.ArrayList;
import java.util.List;

/** The text and the tags of a template; each knows how to execute itself. */
sealed interface Statement {

    Flow execute(Run run, Scope scope);

    record Text(String text) implements Statement {

        @Override
        public Flow execute(Run run, Scope scope) {
            run.write(text);
            return Flow.NEXT;
        }
    }

    record Output(Expression value, int line) implements Statement {

        @Override
        public Flow execute(Run run, Scope scope) {
            run.at(line);
            run.write(PythonText.str(run, run.evaluate(value, scope)));
            return Flow.NEXT;
        }
    }

    record Branch(Expression condition, List<Statement> body, int line) { }

    record If(List<Branch> branches, List<Statement> otherwise) implements Statement {

        @Override
        public Flow execute(Run run, Scope scope) {
            for (Branch branch : branches) {
                run.at(branch.line());
                if (Values.isTrue(run.evaluate(branch.condition(), scope))) {
                    return run.execute(branch.body(), scope);
                }
            }
            return run.execute(otherwise, scope);
        }
    }

    /** @param condition which elements count, or null for all */
    record For(Target target, Expression items, Expression condition, boolean recursive, List<Statement> body,
            List<Statement> otherwise, int line) implements Statement {

        @Override
        public Flow execute(Run run, Scope scope) {
            run.at(line);
            return loop(run, scope, run.evaluate(items, scope), 1);
        }

        Flow loop(Run run, Scope scope, Object values, int depth) {
            Loop loop = new Loop(run, this, scope, values, depth);
            Flow flow = Flow.NEXT;
            while (flow != Flow.BREAK && loop.advance()) {
                Scope inside = new Scope(scope);
                target.assign(run, inside, loop.current());
                inside.set("loop", loop);
                flow = run.execute(body, inside);
            }
            return loop.isEmpty() ? run.execute(otherwise, new Scope(scope)) : Flow.NEXT;
        }
    }

    record Set(Target target, Expression value, int line) implements Statement {

        @Override
        public Flow execute(Run run, Scope scope) {
            run.at(line);
            target.assign(run, scope, run.evaluate(value, scope));
            return Flow.NEXT;
        }
    }

    record SetBlock(Target target, List<Filter> filters, List<Statement> body, int line) implements Statement {

        @Override
        public Flow execute(Run run, Scope scope) {
            run.at(line);
            target.assign(run, scope, Filter.applyAll(filters, run, scope, run.capture(body, new Scope(scope))));
            return Flow.NEXT;
        }
    }

    record FilterBlock(List<Filter> filters, List<Statement> body) implements Statement {

        @Override
        public Flow execute(Run run, Scope scope) {
            run.write(Filter.applyAll(filters, run, scope, run.capture(body, new Scope(scope))));
            return Flow.NEXT;
        }
    }

    record With(List<Target> targets, List<Expression> values, List<Statement> body, int line) implements Statement {

        @Override
        public Flow execute(Run run, Scope scope) {
            run.at(line);
            List<Object> evaluated = new ArrayList<>(values.size());
            for (Expression value : values) {
                evaluated.add(run.evaluate(value, scope));
            }
            Scope inside = new Scope(scope);
            for (int i = 0; i < evaluated.size(); i++) {
                targets.get(i).assign(run, inside, evaluated.get(i));
            }
            return run.execute(body, inside);
        }
    }

    /** A generation tag: its text is what the model is trained to write; rendering it is plain. */
    record Scoped(List<Statement> body) implements Statement {

        @Override
        public Flow execute(Run run, Scope scope) {
            return run.execute(body, new Scope(scope));
        }
    }

    record Define(String name, Macro.Code code) implements Statement {

        @Override
        public Flow execute(Run run, Scope scope) {
            scope.set(name, new Macro(code, scope));
            return Flow.NEXT;
        }
    }

    /** The call of a macro that gets the body as its {@code caller}. */
    record CallBlock(Expression.Call call, Macro.Code code, int line) implements Statement {

        @Override
        public Flow execute(Run run, Scope scope) {
            run.at(line);
            run.write(PythonText.str(run, call.evaluate(run, scope, new Macro(code, scope))));
            return Flow.NEXT;
        }
    }

    record Jump(Flow flow) implements Statement {

        @Override
        public Flow execute(Run run, Scope scope) {
            return flow;
        }
    }
}
