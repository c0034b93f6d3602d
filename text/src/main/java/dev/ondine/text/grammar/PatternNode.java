package dev.ondine.text.grammar;

import java.util.List;

/** A parsed regular expression. */
sealed interface PatternNode {

    /** One character of these ranges. */
    record Characters(CharSet set) implements PatternNode { }

    record Sequence(List<PatternNode> nodes) implements PatternNode { }

    record Choice(List<PatternNode> nodes) implements PatternNode { }

    /** @param max {@link Integer#MAX_VALUE} for any number */
    record Repeat(PatternNode node, int min, int max) implements PatternNode { }
}
