package dev.ondine.text.template;

import dev.ondine.text.template.Token.Kind;
import java.util.List;

/** The tokens in front of the parser, and how deep it has nested. */
final class TokenStream {

    private final List<Token> tokens;
    private final int deepest;
    private int index;
    private int depth;

    TokenStream(List<Token> tokens, int deepest) {
        this.tokens = tokens;
        this.deepest = deepest;
    }

    Token current() {
        return tokens.get(index);
    }

    Token look() {
        return tokens.get(Math.min(index + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = current();
        index = Math.min(index + 1, tokens.size() - 1);
        return token;
    }

    int line() {
        return current().line();
    }

    boolean is(Kind kind) {
        return current().kind() == kind;
    }

    boolean isOperator(String operator) {
        return current().isOperator(operator);
    }

    boolean isName(String name) {
        return current().isName(name);
    }

    boolean skipOperator(String operator) {
        boolean found = isOperator(operator);
        if (found) {
            next();
        }
        return found;
    }

    boolean skipName(String name) {
        boolean found = isName(name);
        if (found) {
            next();
        }
        return found;
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw unexpected("'" + operator + "'");
        }
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw unexpected("'" + name + "'");
        }
    }

    Token expect(Kind kind, String description) {
        if (!is(kind)) {
            throw unexpected(description);
        }
        return next();
    }

    TemplateException unexpected(String expected) {
        return error("found " + current().description() + ", expected " + expected);
    }

    TemplateException error(String problem) {
        return new TemplateException(line(), problem, false);
    }

    /** One level deeper; {@link #rise} leaves it. Keeps hostile sources from exhausting the stack. */
    void sink() {
        if (++depth > deepest) {
            throw error("found tags or brackets nested deeper than " + deepest + " levels, expected fewer");
        }
    }

    void rise() {
        depth--;
    }
}
