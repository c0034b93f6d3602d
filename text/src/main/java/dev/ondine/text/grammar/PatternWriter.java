package dev.ondine.text.grammar;

/** Writes a parsed regular expression as an automaton over code points. */
final class PatternWriter {

    private final NetworkBuilder builder;

    PatternWriter(NetworkBuilder builder) {
        this.builder = builder;
    }

    /** Returns where it ends. */
    int append(int from, PatternNode node) {
        return switch (node) {
            case PatternNode.Characters(CharSet set) -> {
                int to = builder.state();
                set.ranges().forEach(range -> builder.range(from, range.low(), range.high(), to));
                yield to;
            }
            case PatternNode.Sequence sequence -> {
                int at = from;
                for (PatternNode part : sequence.nodes()) {
                    at = append(at, part);
                }
                yield at;
            }
            case PatternNode.Choice choice -> {
                int to = builder.state();
                for (PatternNode branch : choice.nodes()) {
                    int start = builder.state();
                    builder.skip(from, start);
                    builder.skip(append(start, branch), to);
                }
                yield to;
            }
            case PatternNode.Repeat repeat -> repeat(from, repeat);
        };
    }

    private int repeat(int from, PatternNode.Repeat repeat) {
        int at = from;
        for (int count = 0; count < repeat.min(); count++) {
            at = append(at, repeat.node());
        }
        int to = builder.state();
        if (repeat.max() == Integer.MAX_VALUE) {
            int again = builder.state();
            builder.skip(at, again);
            builder.skip(append(again, repeat.node()), again);
            builder.skip(again, to);
            return to;
        }
        for (int count = repeat.min(); count < repeat.max(); count++) {
            builder.skip(at, to);
            at = append(at, repeat.node());
        }
        builder.skip(at, to);
        return to;
    }
}
