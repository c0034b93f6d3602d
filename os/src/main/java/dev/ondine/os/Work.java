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

    /** The completion of a prompt. */
    record CompletionWork(int[] prompt, int shareable, GenerationOptions options) implements Work {

        @Override
        public int mostTokens() {
            return options.maxTokens();
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
    }

    /** How the vectors of a text's tokens become one. */
    enum Pooling { MEAN, LAST }
}
