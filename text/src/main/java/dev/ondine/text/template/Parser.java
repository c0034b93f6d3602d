package dev.ondine.text.template;

import dev.ondine.text.template.Macro.Parameter;
import dev.ondine.text.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Parses the tags and the text of a template into statements. */
final class Parser {

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private final OperandParser operands;
    private boolean inLoop;

    private Parser(TokenStream tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
        this.operands = expressions.operands();
    }

    static List<Statement> parse(String source, Limits limits) {
        if (source.length() > limits.sourceLength()) {
            throw new TemplateException(0, "found a template of " + source.length() + " characters, expected at most "
                    + limits.sourceLength(), false);
        }
        return new Parser(new TokenStream(Lexer.tokens(source), limits.nesting())).template();
    }

    private List<Statement> template() {
        List<Statement> body = new ArrayList<>();
        while (!tokens.is(Kind.END)) {
            body.add(tokens.is(Kind.TAG_BEGIN) ? tag() : textOrOutput());
        }
        return body;
    }

    private Statement textOrOutput() {
        Token token = tokens.next();
        if (token.kind() == Kind.DATA) {
            return new Statement.Text(token.text());
        }
        Expression value = expressions.tuple(true);
        tokens.expect(Kind.OUTPUT_END, "an operator or '}}'");
        return new Statement.Output(value, token.line());
    }

    private Statement tag() {
        tokens.next();
        return statement();
    }

    /** The statements up to a tag of one of these names, which stays current. */
    private List<Statement> body(String opener, int line, String... ends) {
        tokens.skipOperator(":");
        endOfTag();
        tokens.sink();
        List<Statement> body = new ArrayList<>();
        while (true) {
            if (tokens.is(Kind.END)) {
                throw tokens.unexpected("{% " + ends[ends.length - 1] + " %} of {% " + opener + " %} in line " + line);
            }
            if (!tokens.is(Kind.TAG_BEGIN)) {
                body.add(textOrOutput());
                continue;
            }
            tokens.next();
            if (isOneOf(ends)) {
                tokens.rise();
                return body;
            }
            if (tokens.current().text().startsWith("end")) {
                throw tokens.unexpected("'" + ends[ends.length - 1] + "' of {% " + opener + " %} in line " + line);
            }
            body.add(statement());
        }
    }

    private List<Statement> bodyToEnd(String opener, int line) {
        List<Statement> body = body(opener, line, "end" + opener);
        tokens.next();
        endOfTag();
        return body;
    }

    private boolean isOneOf(String... names) {
        for (String name : names) {
            if (tokens.isName(name)) {
                return true;
            }
        }
        return false;
    }

    private void endOfTag() {
        tokens.expect(Kind.TAG_END, "'%}'");
    }

    private Statement statement() {
        Token name = tokens.expect(Kind.NAME, "the name of a tag");
        int line = name.line();
        return switch (name.text()) {
            case "if" -> conditional(line);
            case "for" -> loop(line);
            case "set" -> set(line);
            case "macro" -> macro(line);
            case "call" -> call(line);
            case "filter" -> filter(line);
            case "with" -> with(line);
            case "generation" -> new Statement.Scoped(isolatedBody("generation", line));
            case "break" -> jump(Flow.BREAK, line);
            case "continue" -> jump(Flow.CONTINUE, line);
            default -> throw new TemplateException(line, "found the tag '" + name.text()
                    + "', expected one of if, for, set, macro, call, filter, with, generation, raw, break, continue", false);
        };
    }

    private Statement jump(Flow flow, int line) {
        if (!inLoop) {
            throw new TemplateException(line, "found a jump outside of a loop, expected it in the body of a for tag", false);
        }
        endOfTag();
        return new Statement.Jump(flow);
    }

    private Statement conditional(int begin) {
        List<Statement.Branch> branches = new ArrayList<>();
        int line = begin;
        while (true) {
            Expression condition = expressions.tuple(false);
            branches.add(new Statement.Branch(condition, body("if", begin, "elif", "else", "endif"), line));
            Token end = tokens.next();
            line = end.line();
            if (end.isName("else")) {
                return new Statement.If(branches, bodyToEnd("if", begin));
            }
            if (end.isName("endif")) {
                endOfTag();
                return new Statement.If(branches, List.of());
            }
        }
    }

    private Statement loop(int line) {
        Target target = target();
        tokens.expectName("in");
        Expression items = expressions.tuple(false);
        Expression condition = tokens.skipName("if") ? expressions.expression() : null;
        boolean recursive = tokens.skipName("recursive");
        boolean outerLoop = inLoop;
        inLoop = true;
        List<Statement> body = body("for", line, "else", "endfor");
        inLoop = outerLoop;
        List<Statement> otherwise = List.of();
        if (tokens.next().isName("else")) {
            otherwise = bodyToEnd("for", line);
        } else {
            endOfTag();
        }
        return new Statement.For(target, items, condition, recursive, body, otherwise, line);
    }

    private Statement set(int line) {
        Target target = target();
        if (tokens.skipOperator("=")) {
            Expression value = expressions.tuple(true);
            endOfTag();
            return new Statement.Set(target, value, line);
        }
        List<Filter> filters = operands.filters();
        return new Statement.SetBlock(target, filters, isolatedBody("set", line), line);
    }

    private Statement filter(int line) {
        List<Filter> filters = new ArrayList<>();
        filters.add(operands.namedFilter());
        filters.addAll(operands.filters());
        return new Statement.FilterBlock(filters, isolatedBody("filter", line));
    }

    private Statement with(int line) {
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.is(Kind.TAG_END)) {
            if (!targets.isEmpty()) {
                tokens.expectOperator(",");
            }
            targets.add(name());
            tokens.expectOperator("=");
            values.add(expressions.expression());
        }
        return new Statement.With(targets, values, bodyToEnd("with", line), line);
    }

    /** A body out of which no jump leads. */
    private List<Statement> isolatedBody(String opener, int line) {
        boolean outerLoop = inLoop;
        inLoop = false;
        List<Statement> body = bodyToEnd(opener, line);
        inLoop = outerLoop;
        return body;
    }

    private Statement macro(int line) {
        String name = name().name();
        return new Statement.Define(name, macroCode(name, "macro", signature(), line));
    }

    private Statement call(int line) {
        List<Parameter> parameters = tokens.isOperator("(") ? signature() : List.of();
        if (!(expressions.expression() instanceof Expression.Call call)) {
            throw new TemplateException(line, "found another expression in a call tag, expected the call of a macro", false);
        }
        return new Statement.CallBlock(call, macroCode("caller", "call", parameters, line), line);
    }

    private Macro.Code macroCode(String name, String opener, List<Parameter> parameters, int line) {
        Macro.Extras outer = operands.extras();
        operands.setExtras(Macro.Extras.NONE);
        List<Statement> body = isolatedBody(opener, line);
        Macro.Extras extras = operands.extras();
        operands.setExtras(outer.or(extras));
        return new Macro.Code(name, parameters, body, extras);
    }

    private List<Parameter> signature() {
        List<Parameter> parameters = new ArrayList<>();
        tokens.expectOperator("(");
        while (!tokens.skipOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            String name = name().name();
            boolean optional = tokens.skipOperator("=");
            if (!optional && !parameters.isEmpty() && parameters.getLast().fallback() != null) {
                throw tokens.error("found the parameter '" + name + "' without a default value, expected one as before it");
            }
            parameters.add(new Parameter(name, optional ? expressions.expression() : null));
        }
        return parameters;
    }

    private Target.Variable name() {
        Token token = tokens.expect(Kind.NAME, "a name");
        return switch (token.text()) {
            case "true", "True", "false", "False", "none", "None" ->
                    throw new TemplateException(token.line(), "found " + token.text() + ", expected a name to assign to", false);
            default -> new Target.Variable(token.text());
        };
    }

    private Target target() {
        Target first = singleTarget();
        if (!tokens.isOperator(",")) {
            return first;
        }
        List<Target> parts = new ArrayList<>();
        parts.add(first);
        while (tokens.skipOperator(",") && !tokens.isName("in") && !tokens.isOperator("=") && !tokens.isOperator(")")) {
            parts.add(singleTarget());
        }
        return new Target.Parts(parts);
    }

    private Target singleTarget() {
        if (tokens.skipOperator("(")) {
            tokens.sink();
            Target inside = target();
            tokens.expectOperator(")");
            tokens.rise();
            return inside;
        }
        Target.Variable variable = name();
        return tokens.skipOperator(".")
                ? new Target.Field(variable.name(), tokens.expect(Kind.NAME, "a name after '.'").text())
                : variable;
    }
}
