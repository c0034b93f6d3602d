package dev.ondine.engine;

import dev.ondine.models.SequenceState;
import java.util.Arrays;

/**
 * One generation in flight, or a conversation between two: its tokens and what they left in memory. A later prompt that begins
 * the same way reuses that. Close it to give the memory back.
 */
public final class Sequence implements AutoCloseable {

    private final SequenceState state;
    private int[] tokens = new int[64];
    private int length;

    /** An empty sequence of a runner. */
    public Sequence(Runner runner) {
        this.state = runner.newSequence();
    }

    /** Tokens so far, prompt and completion. The last one may not have been run yet. */
    public int length() {
        return length;
    }

    /** Positions that are in the cache. */
    int cachedLength() {
        return state.length();
    }

    SequenceState state() {
        return state;
    }

    /** Tokens; the first {@link #length()} count. */
    int[] tokens() {
        return tokens;
    }

    void append(int token) {
        if (length == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * length);
        }
        tokens[length++] = token;
    }

    /**
     * Becomes this prompt, keeping what the cache already holds of it.
     *
     * @return positions kept; at least one token of the prompt is left to run
     */
    int restart(int[] prompt) {
        int common = 0;
        int most = Math.min(state.length(), prompt.length - 1);
        while (common < most && tokens[common] == prompt[common]) {
            common++;
        }
        int kept = state.canTruncate(common) ? common : 0;
        state.truncate(kept);
        tokens = Arrays.copyOf(prompt, Math.max(64, 2 * prompt.length));
        length = prompt.length;
        return kept;
    }

    /** Forgets everything. */
    public void clear() {
        state.truncate(0);
        length = 0;
    }

    @Override
    public void close() {
        state.close();
    }
}
