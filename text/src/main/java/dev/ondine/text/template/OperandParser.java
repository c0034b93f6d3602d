package dev.ondine.text.template;

import dev.ondine.text.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Parses what stands between operators: literals, names and brackets, and the members, calls, filters and tests behind them. */
final class OperandParser {

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private boolean caller;
    private boolean varargs;
    private boolean kwargs;

    OperandParser(TokenStream tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    /** Which of the special names of macros have been read since they were last set. */
    Macro.Extras extras() {
        return new Macro.Extras(caller, varargs, kwargs);
    }

    void setExtras(Macro.Extras extras) {
        caller = extras.caller();
        varargs = extras.varargs();
        kwargs = extras.kwargs();
    }

    Expression primary() {
        Token token = tokens.current();
        switch (token.kind()) {
            case NAME -> {
                tokens.next();
                return name(token);
            }
            case NUMBER -> {
                tokens.next();
                return new Expression.Literal(token.value());
            }
            case STRING -> {
                return strings();
            }
            case OPERATOR -> {
                return brackets(token);
            }
            default -> throw tokens.unexpected("an expression");
        }
    }

    private Expression name(Token token) {
        switch (token.text()) {
            case "true", "True" -> {
                return new Expression.Literal(Boolean.TRUE);
            }
            case "false", "False" -> {
                return new Expression.Literal(Boolean.FALSE);
            }
            case "none", "None" -> {
                return new Expression.Literal(null);
            }
            case "caller" -> caller = true;
            case "varargs" -> varargs = true;
            case "kwargs" -> kwargs = true;
            default -> { }
        }
        return new Expression.Name(token.text());
    }

    private Expression strings() {
        String text = tokens.next().text();
        if (!tokens.is(Kind.STRING)) {
            return new Expression.Literal(text);
        }
        StringBuilder joined = new StringBuilder(text);
        while (tokens.is(Kind.STRING)) {
            joined.append(tokens.next().text());
        }
        return new Expression.Literal(joined.toString());
    }

    private Expression brackets(Token token) {
        return switch (token.text()) {
            case "(" -> parentheses();
            case "[" -> list();
            case "{" -> dict();
            default -> throw tokens.unexpected("an expression");
        };
    }

    private Expression parentheses() {
        tokens.next();
        if (tokens.skipOperator(")")) {
            return new Expression.TupleOf(List.of());
        }
        Expression inside = expressions.tuple(true);
        tokens.expectOperator(")");
        return inside;
    }

    private Expression list() {
        tokens.next();
        List<Expression> items = new ArrayList<>();
        while (!tokens.skipOperator("]")) {
            items.add(expressions.expression());
            separator("]");
        }
        return new Expression.ListOf(items);
    }

    private Expression dict() {
        int line = tokens.next().line();
        List<Expression.Entry> entries = new ArrayList<>();
        while (!tokens.skipOperator("}")) {
            Expression key = expressions.expression();
            tokens.expectOperator(":");
            entries.add(new Expression.Entry(key, expressions.expression()));
            separator("}");
        }
        return new Expression.DictOf(entries, line);
    }

    /** A comma, which may be left out before the closing bracket. */
    private void separator(String closing) {
        if (!tokens.isOperator(closing) && !tokens.skipOperator(",")) {
            throw tokens.unexpected("',' or '" + closing + "'");
        }
    }

    Expression postfix(Expression start) {
        Expression value = start;
        while (tokens.is(Kind.OPERATOR)) {
            Token token = tokens.current();
            switch (token.text()) {
                case "." -> value = member(value);
                case "[" -> value = subscript(value);
                case "(" -> value = new Expression.Call(value, arguments(), token.line());
                default -> {
                    return value;
                }
            }
        }
        return value;
    }

    private Expression member(Expression target) {
        int line = tokens.next().line();
        if (tokens.is(Kind.NUMBER) && tokens.current().value() instanceof Long index) {
            tokens.next();
            return new Expression.Item(target, new Expression.Literal(index), line);
        }
        return new Expression.Member(target, tokens.expect(Kind.NAME, "a name or an index after '.'").text(), line);
    }

    private Expression subscript(Expression target) {
        int line = tokens.next().line();
        Expression from = tokens.isOperator(":") ? null : expressions.expression();
        if (!tokens.skipOperator(":")) {
            tokens.expectOperator("]");
            return new Expression.Item(target, from, line);
        }
        Expression to = tokens.isOperator(":") || tokens.isOperator("]") ? null : expressions.expression();
        Expression step = tokens.skipOperator(":") && !tokens.isOperator("]") ? expressions.expression() : null;
        tokens.expectOperator("]");
        return new Expression.Slice(target, from, to, step, line);
    }

    Expression filtersAndTests(Expression start) {
        Expression value = start;
        while (true) {
            if (tokens.isOperator("|")) {
                value = new Expression.Filtered(value, filter());
            } else if (tokens.isName("is")) {
                value = test(value);
            } else if (tokens.isOperator("(")) {
                int line = tokens.line();
                value = new Expression.Call(value, arguments(), line);
            } else {
                return value;
            }
        }
    }

    /** The filters of a set block or a filter block: {@code trim | upper}. */
    List<Filter> filters() {
        List<Filter> filters = new ArrayList<>();
        while (tokens.isOperator("|")) {
            filters.add(filter());
        }
        return filters;
    }

    private Filter filter() {
        tokens.expectOperator("|");
        return namedFilter();
    }

    Filter namedFilter() {
        Token name = tokens.expect(Kind.NAME, "the name of a filter");
        return new Filter(name.text(), tokens.isOperator("(") ? arguments() : CallArguments.NONE, name.line());
    }

    private Expression test(Expression value) {
        int line = tokens.next().line();
        boolean negated = tokens.skipName("not");
        String name = tokens.expect(Kind.NAME, "the name of a test").text();
        CallArguments arguments = CallArguments.NONE;
        if (tokens.isOperator("(")) {
            arguments = arguments();
        } else if (startsOperand()) {
            tokens.sink();
            arguments = new CallArguments(List.of(postfix(primary())), List.of(), null, null);
            tokens.rise();
        }
        Expression test = new Expression.Test(value, name, arguments, line);
        return negated ? new Expression.Not(test) : test;
    }

    private boolean startsOperand() {
        Token token = tokens.current();
        return switch (token.kind()) {
            case NAME -> switch (token.text()) {
                case "else", "or", "and" -> false;
                case "is" -> throw tokens.error("found a second 'is' right after a test, expected brackets around the first one");
                default -> true;
            };
            case STRING, NUMBER -> true;
            case OPERATOR -> token.text().equals("[") || token.text().equals("{");
            default -> false;
        };
    }

    private CallArguments arguments() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        List<CallArguments.Named> named = new ArrayList<>();
        Expression list = null;
        Expression dict = null;
        while (!tokens.skipOperator(")")) {
            if (dict == null && list == null && tokens.skipOperator("*")) {
                list = expressions.expression();
            } else if (dict == null && tokens.skipOperator("**")) {
                dict = expressions.expression();
            } else if (dict == null && tokens.is(Kind.NAME) && tokens.look().isOperator("=")) {
                String name = tokens.next().text();
                tokens.next();
                named.add(new CallArguments.Named(name, expressions.expression()));
            } else if (named.isEmpty() && list == null && dict == null) {
                positional.add(expressions.expression());
            } else {
                throw tokens.unexpected("a named argument after the named ones");
            }
            separator(")");
        }
        return new CallArguments(positional, named, list, dict);
    }
}
