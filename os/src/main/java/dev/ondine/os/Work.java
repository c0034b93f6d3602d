package dev.ondine.os;

import dev.ondine.engine.GenerationOptions;

/** What a task computes. */
public sealed interface Work {

    /** Token ids; at least one. */
    int[] prompt();

    /** How many of the first tokens of the prompt other apps may share in the cache: a system prompt. */
    int shareable();

    /** Most tokens of the answer. */
    int mostTokens();

    /** How many of the first tokens of the prompt need not be run if another task's cache holds them. */
    int skippable();

    /** Whether every row of the prompt gives logits. */
    boolean scoresPrompt();

    /**
     * The completion of a prompt.
     *
     * @param goesOn whether the task waits for more tokens, of a tool, when the model has ended its answer; it ends on its own for any
     *               other reason
     */
    record CompletionWork(int[] prompt, int shareable, GenerationOptions options, boolean goesOn) implements Work {

        /** One answer. */
        public CompletionWork(int[] prompt, int shareable, GenerationOptions options) {
            this(prompt, shareable, options, false);
        }

        @Override
        public int mostTokens() {
            return options.maxTokens();
        }

        @Override
        public int skippable() {
            return options.promptScores() ? 0 : Integer.MAX_VALUE;
        }

        @Override
        public boolean scoresPrompt() {
            return options.promptScores();
        }
    }

    /** What a text means to the model as one vector of unit length. */
    record EmbeddingWork(int[] prompt, Pooling pooling) implements Work {

        @Override
        public int shareable() {
            return 0;
        }

        @Override
        public int mostTokens() {
            return 0;
        }

        @Override
        public int skippable() {
            return pooling == Pooling.MEAN ? 0 : Integer.MAX_VALUE;
        }

        @Override
        public boolean scoresPrompt() {
            return false;
        }
    }

    /** How the vectors of a text's tokens become one. */
    enum Pooling { MEAN, LAST }
}
