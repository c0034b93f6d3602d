package dev.ondine.engine;

import dev.ondine.tensor.Matrix;
import dev.ondine.text.TextStream;
import dev.ondine.text.Tokenizer;
import dev.ondine.text.grammar.TokenConstraint;
import java.util.Arrays;
import java.util.List;

/**
 * One completion in the making: its tokens so far, what picks the next one, and the text that is certain. It knows nothing of steps
 * and caches: whoever runs the tokens hands over the logits after the last one. One thread uses it at a time.
 */
public final class Generation {

    private final Tokenizer tokenizer;
    private final GenerationOptions options;
    private final SamplingRoom room;
    private final Sampler sampler;
    private final TextStream stream;
    private final StopText stopText;
    /** Null where any text will do. */
    private final TokenConstraint constraint;
    private final int promptLength;
    private int[] tokens;
    private int length;
    private FinishReason finishReason;

    /**
     * @param prompt at least one token
     * @param room   shared with generations that are not used at the same time
     * @throws IllegalArgumentException if the prompt is empty or the options name a token outside the vocabulary
     */
    public Generation(Tokenizer tokenizer, int[] prompt, GenerationOptions options, SamplingRoom room) {
        if (prompt.length == 0) {
            throw new IllegalArgumentException("the prompt is empty, expected at least one token");
        }
        this.tokenizer = tokenizer;
        this.options = options;
        this.room = room;
        this.constraint = options.form().map(AnswerForm::constraint).orElse(null);
        this.sampler = new Sampler(options.sampling(), room, constraint);
        this.stream = TextStream.continuing(tokenizer, options.shownMarks());
        this.stopText = new StopText(options.stop());
        this.promptLength = prompt.length;
        this.tokens = Arrays.copyOf(prompt, prompt.length + 16);
        this.length = prompt.length;
        this.finishReason = options.maxTokens() == 0 ? FinishReason.LENGTH : null;
    }

    /** Tokens of prompt and completion. */
    public int length() {
        return length;
    }

    public int promptLength() {
        return promptLength;
    }

    /** Tokens of the completion so far. */
    public int generated() {
        return length - promptLength;
    }

    public int token(int index) {
        return tokens[index];
    }

    /** Tokens of the completion so far, a copy. */
    public int[] completion() {
        return Arrays.copyOfRange(tokens, promptLength, length);
    }

    public GenerationOptions options() {
        return options;
    }

    /** Why it ended; null while it goes on. */
    public FinishReason finishReason() {
        return finishReason;
    }

    /** Ends it from outside. */
    public void end(FinishReason reason) {
        finishReason = finishReason == null ? reason : finishReason;
    }

    /** Picks the next token. @param row of the logits [wanted row, vocab] that belongs to the last token */
    public GeneratedToken accept(Matrix logits, int row) {
        room.logits.copyFrom(logits, row);
        if (options.scores() < 0) {
            int token = sampler.sample(room.logits, tokens, length);
            return new GeneratedToken(token, append(token), 0, List.of());
        }
        Scores scores = new Scores(room.logits);
        List<TokenScore> likeliest = scores.likeliest(options.scores());
        int token = sampler.sample(room.logits, tokens, length);
        // The sampler has changed its copy.
        float score = scores.of(room.logits.copyFrom(logits, row), token);
        return new GeneratedToken(token, append(token), score, likeliest);
    }

    /** Takes over a token that an earlier run of the same generation picked, as that run did. */
    public GeneratedToken replay(int token) {
        sampler.skip();
        return new GeneratedToken(token, append(token), 0, List.of());
    }

    private String append(int token) {
        if (length == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * length);
        }
        tokens[length++] = token;
        if (constraint != null) {
            constraint.accept(token);
        }
        if (tokenizer.vocabulary().endsGeneration(token) && !options.ignoresEnd()) {
            finishReason = FinishReason.STOP;
            return "";
        }
        String text = stopText.accept(stream.accept(token));
        if (stopText.isStopped()) {
            finishReason = FinishReason.STOP;
        } else if (generated() == options.maxTokens()) {
            finishReason = FinishReason.LENGTH;
        }
        return text;
    }

    /** The text that was held back, once no more tokens come. */
    public String rest() {
        return stopText.isStopped() ? "" : stopText.accept(stream.finish()) + stopText.flush();
    }
}
