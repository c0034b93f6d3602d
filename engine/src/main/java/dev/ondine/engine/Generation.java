package dev.ondine.engine;

import dev.ondine.tensor.Matrix;
import dev.ondine.text.TextStream;
import dev.ondine.text.Tokenizer;
import dev.ondine.text.grammar.Grammar;
import dev.ondine.text.grammar.GrammarVocabulary;
import dev.ondine.text.grammar.TokenConstraint;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One completion in the making: its tokens so far, what picks the next one, and the text that is certain. It knows nothing of steps
 * and caches: whoever runs the tokens hands over the logits after the last one. One thread uses it at a time.
 *
 * <p>A completion may be made of several answers with tokens of others between them, such as those of a tool.
 */
public final class Generation {

    private final Tokenizer tokenizer;
    private final GenerationOptions options;
    private final SamplingRoom room;
    private final Optional<GrammarVocabulary> vocabulary;
    private final Sampler sampler;
    private Optional<TokenConstraint> constraint;
    private TextStream stream;
    private StopText stopText;
    /** Everything: prompt, answers, and what came between them. */
    private int[] tokens;
    private int length;
    private int[] picked = new int[16];
    private int pickedLength;
    private FinishReason finishReason;

    /**
     * @param prompt     at least one token
     * @param room       shared with generations that are not used at the same time
     * @param vocabulary of the tokenizer, for one that is held to a grammar
     * @throws IllegalArgumentException if the prompt is empty or the options name a token outside the vocabulary
     */
    public Generation(Tokenizer tokenizer, int[] prompt, GenerationOptions options, SamplingRoom room,
                      Optional<GrammarVocabulary> vocabulary) {
        if (prompt.length == 0) {
            throw new IllegalArgumentException("the prompt is empty, expected at least one token");
        }
        this.tokenizer = tokenizer;
        this.options = options;
        this.room = room;
        this.vocabulary = vocabulary;
        this.sampler = new Sampler(options.sampling(), room);
        this.tokens = Arrays.copyOf(prompt, prompt.length + 16);
        this.length = prompt.length;
        beginAnswer();
    }

    private void beginAnswer() {
        constraint = options.grammar().map(this::constraint);
        stream = TextStream.continuing(tokenizer, options.shownMarks());
        stopText = new StopText(options.stop());
        finishReason = pickedLength >= options.maxTokens() ? FinishReason.LENGTH : null;
    }

    private TokenConstraint constraint(Grammar grammar) {
        return grammar.constraint(vocabulary.orElseThrow(
                () -> new IllegalArgumentException("a generation that is held to a grammar needs the vocabulary, ordered for grammars")));
    }

    /** Tokens of prompt, answers, and what came between them. */
    public int length() {
        return length;
    }

    /** Tokens that were picked so far. */
    public int generated() {
        return pickedLength;
    }

    public int token(int index) {
        return tokens[index];
    }

    /** Tokens that were picked so far, a copy. */
    public int[] completion() {
        return Arrays.copyOf(picked, pickedLength);
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

    /**
     * Picks the next token.
     *
     * @param row of the logits [wanted row, vocab] that belongs to the last token
     * @throws IllegalArgumentException if its grammar and its bias leave no token
     */
    public GeneratedToken accept(Matrix logits, int row) {
        room.logits.copyFrom(logits, row);
        if (options.scores() < 0) {
            int token = sampler.sample(room.logits, tokens, length, constraint);
            return new GeneratedToken(token, pick(token), 0, List.of());
        }
        Scores scores = new Scores(room.logits);
        List<TokenScore> likeliest = scores.likeliest(options.scores());
        int token = sampler.sample(room.logits, tokens, length, constraint);
        // The sampler has changed its copy.
        float score = scores.of(room.logits.copyFrom(logits, row), token);
        return new GeneratedToken(token, pick(token), score, likeliest);
    }

    /**
     * Takes over a token that an earlier run of the same generation picked, as that run did.
     *
     * @throws IllegalArgumentException if the generation cannot have picked it
     */
    public GeneratedToken replay(int token) {
        if (finishReason != null || token < 0 || token >= tokenizer.vocabulary().size()) {
            throw new IllegalArgumentException("token %d cannot come after %d others; it is of another generation"
                    .formatted(token, pickedLength));
        }
        sampler.skip();
        return new GeneratedToken(token, pick(token), 0, List.of());
    }

    /**
     * Goes on after an answer that the model has ended: these tokens follow it, then another answer.
     *
     * @throws IllegalStateException    if the model has not ended an answer
     * @throws IllegalArgumentException if there are no tokens
     */
    public void continueWith(int[] moreTokens) {
        if (finishReason != FinishReason.STOP) {
            throw new IllegalStateException("the answer has not been ended by the model but is %s; only one that has can go on"
                    .formatted(finishReason == null ? "in the making" : finishReason));
        }
        if (moreTokens.length == 0) {
            throw new IllegalArgumentException("there are no tokens to go on with, expected at least one");
        }
        tokens = Arrays.copyOf(tokens, Math.max(tokens.length, length + moreTokens.length + 16));
        System.arraycopy(moreTokens, 0, tokens, length, moreTokens.length);
        length += moreTokens.length;
        beginAnswer();
    }

    private String pick(int token) {
        constraint.ifPresent(held -> held.accept(token));
        if (length == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * length);
        }
        if (pickedLength == picked.length) {
            picked = Arrays.copyOf(picked, 2 * pickedLength);
        }
        tokens[length++] = token;
        picked[pickedLength++] = token;
        if (tokenizer.vocabulary().endsGeneration(token) && !options.ignoresEnd()) {
            finishReason = FinishReason.STOP;
            return "";
        }
        String text = stopText.accept(stream.accept(token));
        if (stopText.isStopped()) {
            finishReason = FinishReason.STOP;
        } else if (pickedLength == options.maxTokens()) {
            finishReason = FinishReason.LENGTH;
        }
        return text;
    }

    /** The text that was held back, once no more tokens come. */
    public String rest() {
        return stopText.isStopped() ? "" : stopText.accept(stream.finish()) + stopText.flush();
    }
}
