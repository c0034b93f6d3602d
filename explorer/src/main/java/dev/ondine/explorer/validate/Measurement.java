package dev.ondine.explorer.validate;

import dev.ondine.roofline.cost.Step;

/**
 * One thing that is predicted and measured.
 *
 * @param kind   what it is
 * @param tokens of the prompt, or in the cache of each sequence before a decode step
 * @param batch  sequences that decode together; drafted tokens of a round
 */
public record Measurement(Kind kind, int tokens, int batch) {

    /** What is measured, in which unit. */
    public enum Kind {
        /** Tokens per second of all sequences together. */
        DECODE("tokens/s"),
        /** Prompt tokens per second. */
        PREFILL("tokens/s"),
        /** Seconds from the start of a prompt to the logits of its last token. */
        FIRST_TOKEN("s"),
        /** Rounds of drafting and checking per second: as many draft steps as drafted tokens, and a step that checks them. */
        SPECULATION("rounds/s");

        private final String unit;

        Kind(String unit) {
            this.unit = unit;
        }

        public String unit() {
            return unit;
        }
    }

    public static Measurement decode(int depth, int batch) {
        return new Measurement(Kind.DECODE, depth, batch);
    }

    public static Measurement prefill(int tokens) {
        return new Measurement(Kind.PREFILL, tokens, 1);
    }

    public static Measurement firstToken(int tokens) {
        return new Measurement(Kind.FIRST_TOKEN, tokens, 1);
    }

    public static Measurement speculation(int depth, int drafted) {
        return new Measurement(Kind.SPECULATION, depth, drafted);
    }

    /** The step that is timed. @throws IllegalStateException for prompts, which may take several steps */
    Step step() {
        return switch (kind) {
            case DECODE -> Step.decode(batch, tokens);
            case SPECULATION -> Step.verify(batch + 1, tokens);
            case PREFILL, FIRST_TOKEN -> throw new IllegalStateException("a prompt may take several steps");
        };
    }

    /** As {@code bench} would name it: {@code tg@d1024 b4}, {@code pp512}. */
    public String name() {
        return switch (kind) {
            case DECODE -> "decode, depth %d, batch %d".formatted(tokens, batch);
            case PREFILL -> "prefill %d".formatted(tokens);
            case FIRST_TOKEN -> "first token after %d".formatted(tokens);
            case SPECULATION -> "round of %d drafted, depth %d".formatted(batch, tokens);
        };
    }
}
