package dev.ondine.roofline.cost;

/**
 * One pass through a model: decode rows, a chunk of a prompt, the verification of a draft, or any of them together.
 *
 * @param rows       tokens that are processed
 * @param logitsRows of them whose logits are wanted
 * @param sequences  that they belong to; each reads its own cache once
 * @param depth      tokens in the cache of each sequence before the step
 */
public record Step(int rows, int logitsRows, int sequences, double depth) {

    public Step {
        if (rows < 1 || sequences < 1 || sequences > rows || logitsRows < 0 || logitsRows > rows || !(depth >= 0)) {
            throw new IllegalArgumentException("a step of %d rows, %d with logits, of %d sequences at depth %s is impossible"
                    .formatted(rows, logitsRows, sequences, depth));
        }
    }

    /** One token of each sequence. */
    public static Step decode(int sequences, double depth) {
        return new Step(sequences, sequences, sequences, depth);
    }

    /** A piece of one prompt. @param last whether the prompt ends with it, so that logits are wanted */
    public static Step prefill(int tokens, double depth, boolean last) {
        return new Step(tokens, last ? 1 : 0, 1, depth);
    }

    /** A draft of one sequence is checked: every row gives logits. */
    public static Step verify(int tokens, double depth) {
        return new Step(tokens, tokens, 1, depth);
    }

    /** Tokens that a row reads from the cache, on average: those before the step and those of its sequence before it, and itself. */
    double meanReach() {
        return depth + ((double) rows / sequences + 1) / 2;
    }
}
