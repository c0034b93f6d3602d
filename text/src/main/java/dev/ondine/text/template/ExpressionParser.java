package dev.ondine.text.template;

import dev.ondine.text.template.Expression.Operand;
import dev.ondine.text.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Parses expressions: the operators with the precedences of jinja2. */
final class ExpressionParser {

    private final TokenStream tokens;
    private final OperandParser operands;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
        this.operands = new OperandParser(tokens, this);
    }

    OperandParser operands() {
        return operands;
    }

    /** One expression, or a tuple of several with commas between. */
    Expression tuple(boolean conditional) {
        Expression first = conditional ? expression() : or();
        return tokens.isOperator(",") ? tupleOf(first, conditional) : first;
    }

    private Expression tupleOf(Expression first, boolean conditional) {
        List<Expression> items = new ArrayList<>();
        items.add(first);
        while (tokens.skipOperator(",")) {
            if (tokens.is(Kind.OUTPUT_END) || tokens.is(Kind.TAG_END) || tokens.isOperator(")")) {
                break;
            }
            items.add(conditional ? expression() : or());
        }
        return new Expression.TupleOf(items);
    }

    Expression expression() {
        tokens.sink();
        int line = tokens.line();
        Expression value = or();
        while (tokens.skipName("if")) {
            Expression condition = or();
            Expression otherwise = tokens.skipName("else") ? expression() : null;
            value = new Expression.Conditional(condition, value, otherwise, line);
        }
        tokens.rise();
        return value;
    }

    private Expression or() {
        Expression left = and();
        while (tokens.skipName("or")) {
            left = new Expression.Or(left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.skipName("and")) {
            left = new Expression.And(left, not());
        }
        return left;
    }

    private Expression not() {
        if (!tokens.skipName("not")) {
            return comparison();
        }
        tokens.sink();
        Expression negated = new Expression.Not(not());
        tokens.rise();
        return negated;
    }

    private Expression comparison() {
        int line = tokens.line();
        Expression first = sum();
        Comparison operator = comparisonOperator();
        if (operator == null) {
            return first;
        }
        List<Operand> operands = new ArrayList<>();
        for (; operator != null; operator = comparisonOperator()) {
            operands.add(new Operand(operator, sum()));
        }
        return new Expression.Compare(first, operands, line);
    }

    private Comparison comparisonOperator() {
        Token token = tokens.current();
        Comparison found = null;
        if (token.kind() == Kind.OPERATOR) {
            found = Comparison.of(token.text());
        } else if (token.isName("in")) {
            found = Comparison.IN;
        } else if (token.isName("not") && tokens.look().isName("in")) {
            tokens.next();
            found = Comparison.NOT_IN;
        }
        if (found != null) {
            tokens.next();
        }
        return found;
    }

    private Expression sum() {
        Expression left = concatenation();
        while (tokens.isOperator("+") || tokens.isOperator("-")) {
            Token operator = tokens.next();
            left = new Expression.Binary(Operator.of(operator.text()), left, concatenation(), operator.line());
        }
        return left;
    }

    private Expression concatenation() {
        Expression first = product();
        if (!tokens.isOperator("~")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>();
        parts.add(first);
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return new Expression.Concatenation(parts);
    }

    private Expression product() {
        Expression left = power();
        while (tokens.isOperator("*") || tokens.isOperator("/") || tokens.isOperator("//") || tokens.isOperator("%")) {
            Token operator = tokens.next();
            left = new Expression.Binary(Operator.of(operator.text()), left, power(), operator.line());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (tokens.isOperator("**")) {
            int line = tokens.next().line();
            left = new Expression.Binary(Operator.POWER, left, unary(true), line);
        }
        return left;
    }

    private Expression unary(boolean filters) {
        Expression value;
        if (tokens.isOperator("-") || tokens.isOperator("+")) {
            Token sign = tokens.next();
            tokens.sink();
            value = new Expression.Signed(sign.text().equals("-"), unary(false), sign.line());
            tokens.rise();
        } else {
            value = operands.primary();
        }
        value = operands.postfix(value);
        return filters ? operands.filtersAndTests(value) : value;
    }
}
