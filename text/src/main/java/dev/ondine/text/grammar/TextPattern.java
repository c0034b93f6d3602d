package dev.ondine.text.grammar;

import java.util.Objects;

/** A regular expression that strings must match, and the place that asks for it. Two are equal if they match the same strings. */
final class TextPattern {

    private static final int MOST_STATES = 4_000;

    private final SchemaPlace place;
    private final String source;
    private CharAutomaton automaton;

    TextPattern(SchemaPlace place, String source) {
        this.place = place;
        this.source = source;
    }

    /** @throws IllegalArgumentException if the expression is malformed, not supported or too large; the message names the place */
    CharAutomaton automaton(Effort effort) {
        if (automaton == null) {
            try {
                PatternParser.Parsed parsed = new PatternParser(source).parse();
                automaton = automaton(parsed.whole(), effort);
                for (PatternParser.LookAhead ahead : parsed.ahead()) {
                    CharAutomaton start = automaton(ahead.start(), effort);
                    automaton = automaton.and(ahead.forbids() ? start.complement() : start, effort);
                }
            } catch (PatternParser.PatternException e) {
                throw place.refusal(e.getMessage());
            }
        }
        return automaton;
    }

    private static CharAutomaton automaton(PatternNode node, Effort effort) {
        NetworkBuilder builder = new NetworkBuilder(MOST_STATES);
        NetworkBuilder.Rule rule = builder.rule();
        builder.skip(new PatternWriter(builder).append(rule.start(), node), rule.end());
        return CharAutomaton.of(builder, rule, effort);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TextPattern pattern && source.equals(pattern.source);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(source);
    }
}
