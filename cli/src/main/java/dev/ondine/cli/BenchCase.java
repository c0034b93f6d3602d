package dev.ondine.cli;

import dev.ondine.engine.Runner;
import dev.ondine.models.SequenceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * One thing that {@code bench} times: reading a prompt or decoding, after a past of some length.
 *
 * @param prompt    tokens of the prompt, 0 for a decode test
 * @param generated decode steps, 0 for a prompt test
 * @param depth     tokens that every sequence holds before
 * @param sequences that decode together
 */
record BenchCase(int prompt, int generated, int depth, int sequences) {

    /** As llama-bench names it: {@code pp512}, {@code tg128@d4096}, {@code tg128 b8}. */
    String name() {
        return (isDecode() ? "tg" + generated : "pp" + prompt) + (depth > 0 ? "@d" + depth : "") + (sequences > 1 ? " b" + sequences : "");
    }

    boolean isDecode() {
        return generated > 0;
    }

    /** Tokens per second, all sequences together, of each repetition after one that is not counted. */
    double[] run(Runner runner, int repetitions) {
        List<SequenceState> states = new ArrayList<>();
        Random random = new Random(sequences);
        try {
            for (int i = 0; i < sequences; i++) {
                states.add(runner.newSequence());
            }
            double[] rates = new double[repetitions];
            for (int repetition = -1; repetition < repetitions; repetition++) {
                states.forEach(state -> rewind(runner, state, random));
                double rate = rate(runner, states, random);
                if (repetition >= 0) {
                    rates[repetition] = rate;
                }
            }
            return rates;
        } finally {
            states.forEach(SequenceState::close);
        }
    }

    /** Back to the depth, where the sequence still has all of it; otherwise it reads it again. */
    private void rewind(Runner runner, SequenceState state, Random random) {
        boolean kept = state.length() >= depth && state.canTruncate(depth);
        state.truncate(kept ? depth : 0);
        read(runner, state, depth - state.length(), random);
    }

    private double rate(Runner runner, List<SequenceState> states, Random random) {
        long startNanos = System.nanoTime();
        for (SequenceState state : states) {
            read(runner, state, prompt, random);
        }
        for (int step = 0; step < generated; step++) {
            for (SequenceState state : states) {
                runner.add(state, token(runner, random), true);
            }
            runner.run();
        }
        return (double) sequences * (prompt + generated) * 1e9 / (System.nanoTime() - startNanos);
    }

    private static void read(Runner runner, SequenceState state, int count, Random random) {
        int[] tokens = IntStream.generate(() -> token(runner, random)).limit(count).toArray();
        for (int next = 0; next < count; ) {
            next = runner.read(state, tokens, next);
        }
    }

    private static int token(Runner runner, Random random) {
        return random.nextInt(runner.model().facts().vocabSize());
    }
}
