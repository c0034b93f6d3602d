package dev.ondine.text.grammar;

import java.util.List;
import java.util.Map;

/** A piece of which a {@link Grammar} is put together. */
public sealed interface GrammarPart {

    /** This text. */
    record Literal(String text) implements GrammarPart { }

    /** This text, written out or as the control token of this name. */
    record Mark(String text) implements GrammarPart { }

    /** White space, bounded: nothing, one space, or a line break with an indent. */
    record Space() implements GrammarPart { }

    /**
     * A value that meets a JSON schema; its references are to places of this schema.
     *
     * @param label what errors call the schema
     */
    record Json(String label, Map<String, ?> schema) implements GrammarPart { }

    /** Any JSON object. */
    record AnyObject() implements GrammarPart { }

    /** The parts one after another. */
    record Sequence(List<GrammarPart> parts) implements GrammarPart {

        public Sequence {
            parts = List.copyOf(parts);
        }
    }

    /** One of the parts. */
    record Choice(List<GrammarPart> parts) implements GrammarPart {

        public Choice {
            parts = List.copyOf(parts);
        }
    }

    /** The part any number of times, or not at all. */
    record Repeat(GrammarPart part) implements GrammarPart { }

    /** Any text up to and with the first place where the trigger stands, written out or as a control token. */
    record Until(String trigger) implements GrammarPart {

        public Until {
            requireText(trigger);
        }
    }

    /**
     * Any text, control tokens included, in which no trigger stands.
     *
     * @param triggers may be none
     * @param notFirst ASCII characters with which the text may not begin, white space aside; often none
     */
    record FreeText(List<String> triggers, String notFirst) implements GrammarPart {

        public FreeText {
            triggers = List.copyOf(triggers);
            triggers.forEach(GrammarPart::requireText);
        }
    }

    /** The parts one after another. */
    static GrammarPart sequence(GrammarPart... parts) {
        return new Sequence(List.of(parts));
    }

    private static void requireText(String trigger) {
        if (trigger.isEmpty()) {
            throw new IllegalArgumentException("a trigger is empty, expected some text");
        }
    }

    /** Reasoning between two marks, such as {@code <think>} and {@code </think>}, and white space after it; or nothing. */
    static GrammarPart reasoning(String opening, String closing) {
        return choice(sequence(), sequence(new Space(), new Mark(opening), new Until(closing)));
    }

    /** One of the parts. */
    static GrammarPart choice(GrammarPart... parts) {
        return new Choice(List.of(parts));
    }
}
