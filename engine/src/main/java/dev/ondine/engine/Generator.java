package dev.ondine.engine;

import dev.ondine.models.CapacityException;
import dev.ondine.text.TextStream;
import dev.ondine.text.Tokenizer;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Completes prompts, one at a time: reads the prompt in chunks, then decodes until something ends it. */
public final class Generator {

    private final Runner runner;
    private final Tokenizer tokenizer;
    private final Logits logits;
    private final SamplingRoom room;

    public Generator(Runner runner, Tokenizer tokenizer) {
        this.runner = runner;
        this.tokenizer = tokenizer;
        this.logits = new Logits(runner.model().facts().vocabSize());
        this.room = new SamplingRoom(logits.vocabSize());
    }

    /**
     * @param sequence  what was said before; the prompt may repeat it for free
     * @param prompt    all token ids of the prompt, from its very beginning
     * @param onText    gets the text piece by piece, whole characters only
     * @param cancelled asked between steps; when it says true the completion ends there
     * @throws IllegalArgumentException if the prompt is empty or holds an id outside the vocabulary
     * @throws CapacityException        if the prompt does not fit the context
     */
    public Completion generate(Sequence sequence, int[] prompt, GenerationOptions options, Consumer<String> onText,
                               BooleanSupplier cancelled) {
        runner.requireReadable(prompt);
        Run run = new Run(sequence, options, onText, cancelled);
        run.read(prompt);
        run.decode();
        return run.completion(prompt);
    }

    /** One call of {@link #generate}. */
    private final class Run {

        private final Sequence sequence;
        private final GenerationOptions options;
        private final Consumer<String> onText;
        private final BooleanSupplier cancelled;
        private final Sampler sampler;
        private final TextStream stream;
        private final StopText stopText;
        private final StringBuilder text = new StringBuilder();
        private final long startNanos = System.nanoTime();
        private long promptDoneNanos;
        private long firstTokenNanos;
        private int computed;
        private int generated;
        private FinishReason finishReason;

        Run(Sequence sequence, GenerationOptions options, Consumer<String> onText, BooleanSupplier cancelled) {
            this.sequence = sequence;
            this.options = options;
            this.onText = onText;
            this.cancelled = cancelled;
            this.sampler = new Sampler(options.sampling(), room);
            this.stream = TextStream.continuing(tokenizer);
            this.stopText = new StopText(options.stop());
        }

        /** Runs what the cache does not hold of the prompt, in chunks; leaves the logits of its last token. */
        void read(int[] prompt) {
            int kept = sequence.restart(prompt);
            for (int next = kept; next < prompt.length; ) {
                if (cancelled.getAsBoolean()) {
                    finishReason = FinishReason.CANCELLED;
                    break;
                }
                next = runner.read(sequence.state(), prompt, next);
            }
            takeLogits();
            computed = sequence.cachedLength() - kept;
            promptDoneNanos = System.nanoTime();
            firstTokenNanos = promptDoneNanos;
        }

        void decode() {
            if (options.maxTokens() == 0 && finishReason == null) {
                finishReason = FinishReason.LENGTH;
            }
            while (finishReason == null) {
                int token = sampler.sample(logits, sequence.tokens(), sequence.length());
                sequence.append(token);
                if (generated++ == 0) {
                    firstTokenNanos = System.nanoTime();
                }
                finishReason = reasonToEnd(token);
                if (finishReason == null) {
                    runner.add(sequence.state(), token, true);
                    runner.run();
                    takeLogits();
                }
            }
            if (!stopText.isStopped()) {
                emit(stopText.accept(stream.finish()));
                emit(stopText.flush());
            }
        }

        private FinishReason reasonToEnd(int token) {
            if (tokenizer.vocabulary().endsGeneration(token)) {
                return FinishReason.STOP;
            }
            emit(stopText.accept(stream.accept(token)));
            if (stopText.isStopped()) {
                return FinishReason.STOP;
            }
            if (generated == options.maxTokens()) {
                return FinishReason.LENGTH;
            }
            if (sequence.cachedLength() == runner.contextLength()) {
                return FinishReason.CONTEXT;
            }
            return cancelled.getAsBoolean() ? FinishReason.CANCELLED : null;
        }

        private void takeLogits() {
            if (runner.logits().rows() > 0) {
                logits.copyFrom(runner.logits(), 0);
            }
        }

        private void emit(String piece) {
            if (!piece.isEmpty()) {
                text.append(piece);
                onText.accept(piece);
            }
        }

        Completion completion(int[] prompt) {
            int[] tokens = Arrays.copyOfRange(sequence.tokens(), prompt.length, prompt.length + generated);
            Completion.Timings timings = new Completion.Timings(computed, generated,
                    Duration.ofNanos(promptDoneNanos - startNanos), Duration.ofNanos(System.nanoTime() - promptDoneNanos),
                    Duration.ofNanos(firstTokenNanos - startNanos));
            return new Completion(prompt, tokens, text.toString(), finishReason, timings);
        }
    }
}
