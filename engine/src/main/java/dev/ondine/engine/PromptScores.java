package dev.ondine.engine;

import dev.ondine.tensor.Matrix;
import dev.ondine.text.TextStream;
import dev.ondine.text.Tokenizer;
import java.util.List;

/** How likely the model finds the tokens of a prompt, one after another: each by the logits of the token before it. */
public final class PromptScores {

    private final int[] prompt;
    private final int likeliest;
    private final Logits logits;
    private final TextStream stream;
    private int told;

    /**
     * @param likeliest how many tokens to tell for each place
     * @param room      shared with others that are not used at the same time
     */
    public PromptScores(Tokenizer tokenizer, int[] prompt, int likeliest, SamplingRoom room) {
        this.prompt = prompt;
        this.likeliest = likeliest;
        this.logits = room.logits;
        this.stream = TextStream.continuing(tokenizer);
    }

    /** The index of the token whose score comes next; the first token has none, and its text is told at once. */
    public int told() {
        return told;
    }

    /** The first token: nothing comes before it that tells how likely it is. */
    public GeneratedToken first() {
        return token(0, List.of());
    }

    /** The next token. @param row of the logits that belongs to the token before it */
    public GeneratedToken next(Matrix values, int row) {
        Scores scores = new Scores(logits.copyFrom(values, row));
        return token(scores.of(prompt[told]), scores.likeliest(likeliest));
    }

    private GeneratedToken token(float score, List<TokenScore> likely) {
        int token = prompt[told++];
        String text = stream.accept(token);
        return new GeneratedToken(token, told == prompt.length ? text + stream.finish() : text, score, likely);
    }
}
