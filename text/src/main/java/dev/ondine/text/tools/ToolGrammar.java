package dev.ondine.text.tools;

import dev.ondine.text.grammar.GrammarPart;
import dev.ondine.text.tools.CallSyntax.Header;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Puts the grammar of tool calls together. */
final class ToolGrammar {

    private static final GrammarPart SPACE = new GrammarPart.Space();
    private static final GrammarPart NOTHING = GrammarPart.sequence();

    private final CallSyntax syntax;
    private final List<ToolDefinition> tools;

    ToolGrammar(CallSyntax syntax, List<ToolDefinition> tools) {
        this.syntax = syntax;
        this.tools = tools;
        Set<String> names = new HashSet<>();
        for (ToolDefinition tool : tools) {
            if (!names.add(tool.name())) {
                throw new IllegalArgumentException("two tools have the name " + tool.name() + ", expected different names");
            }
        }
    }

    Optional<GrammarPart> of(ToolChoice choice) {
        return switch (choice.kind()) {
            case NONE -> Optional.empty();
            case AUTO -> tools.stream().anyMatch(ToolDefinition::strict) ? Optional.of(free(choice.several())) : Optional.empty();
            case REQUIRED -> Optional.of(required(tools, choice.several()));
            case NAMED -> Optional.of(required(tools.stream().filter(tool -> tool.name().equals(choice.name())).toList(),
                    choice.several()));
        };
    }

    /** Calls, or this text in place of them. */
    GrammarPart callsOr(GrammarPart text, ToolChoice choice) {
        return switch (choice.kind()) {
            case NONE -> text;
            case AUTO -> GrammarPart.choice(GrammarPart.sequence(SPACE, text), required(tools, choice.several()));
            case REQUIRED, NAMED -> of(choice).orElseThrow();
        };
    }

    private GrammarPart required(List<ToolDefinition> callable, boolean several) {
        if (callable.isEmpty()) {
            throw new IllegalArgumentException("a tool call is asked for, but there is no such tool; found "
                    + tools.stream().map(ToolDefinition::name).toList());
        }
        GrammarPart opening = syntax.kind() == CallSyntax.Kind.BARE_OBJECT ? NOTHING : new GrammarPart.Mark(syntax.opening());
        GrammarPart unit = GrammarPart.sequence(opening, rest(callable, several));
        return GrammarPart.sequence(SPACE, unit, several && opensAgain() ? again(SPACE, unit) : NOTHING);
    }

    /** Text with or without calls. */
    private GrammarPart free(boolean several) {
        GrammarPart rest = rest(tools, several);
        GrammarPart text = new GrammarPart.FreeText(List.of(syntax.opening()), "");
        if (syntax.kind() == CallSyntax.Kind.BARE_OBJECT) {
            GrammarPart tagged = GrammarPart.sequence(new GrammarPart.Mark(syntax.opening()), SPACE, rest);
            return GrammarPart.choice(new GrammarPart.FreeText(List.of(syntax.opening()), "{"), GrammarPart.sequence(SPACE, rest), tagged);
        }
        GrammarPart call = GrammarPart.sequence(new GrammarPart.Until(syntax.opening()), rest);
        return GrammarPart.sequence(several ? new GrammarPart.Repeat(call) : GrammarPart.choice(NOTHING, call), text);
    }

    private boolean opensAgain() {
        return syntax.kind() == CallSyntax.Kind.OBJECT || syntax.header() != null && syntax.header().before().isEmpty();
    }

    /** What follows the opening mark. */
    private GrammarPart rest(List<ToolDefinition> callable, boolean several) {
        GrammarPart closing = syntax.closing() == null ? NOTHING : new GrammarPart.Mark(syntax.closing());
        return switch (syntax.kind()) {
            case BARE_OBJECT -> object(callable);
            case OBJECT -> GrammarPart.sequence(SPACE, object(callable), SPACE, closing);
            case LIST -> GrammarPart.sequence(SPACE, literal("["), object(callable), several ? again(comma(), object(callable)) : NOTHING,
                    literal("]"), closing);
            case NAMED -> GrammarPart.sequence(named(callable),
                    several && !opensAgain() ? again(NOTHING, named(callable)) : NOTHING, closing);
        };
    }

    private static GrammarPart again(GrammarPart between, GrammarPart part) {
        return new GrammarPart.Repeat(GrammarPart.sequence(between, part));
    }

    private static GrammarPart literal(String text) {
        return new GrammarPart.Literal(text);
    }

    private static GrammarPart comma() {
        return GrammarPart.sequence(literal(","), SPACE);
    }

    private GrammarPart object(List<ToolDefinition> callable) {
        GrammarPart nameAndArguments = oneOf(callable, tool -> GrammarPart.sequence(literal('"' + tool.name() + '"'), comma(),
                literal('"' + syntax.argumentsKey() + "\":"), SPACE, arguments(tool)));
        return GrammarPart.sequence(literal("{"), SPACE, literal("\"name\":"), SPACE, nameAndArguments, SPACE, literal("}"));
    }

    private GrammarPart named(List<ToolDefinition> callable) {
        Header header = syntax.header();
        return GrammarPart.sequence(marks(header.before()), oneOf(callable,
                tool -> GrammarPart.sequence(literal(tool.name()), marks(header.between()), arguments(tool))), marks(header.after()));
    }

    /** A text in which marks stand. */
    private static GrammarPart marks(String text) {
        List<GrammarPart> parts = new ArrayList<>();
        for (String piece : CallSyntax.split(text)) {
            parts.add(new GrammarPart.Mark(piece));
        }
        return new GrammarPart.Sequence(parts);
    }

    private static GrammarPart oneOf(List<ToolDefinition> callable, Function<ToolDefinition, GrammarPart> part) {
        return new GrammarPart.Choice(callable.stream().map(part).toList());
    }

    private static GrammarPart arguments(ToolDefinition tool) {
        boolean held = tool.strict() && !tool.parameters().isEmpty();
        return held ? new GrammarPart.Json("the schema of the tool " + tool.name(), tool.parameters()) : new GrammarPart.AnyObject();
    }
}
