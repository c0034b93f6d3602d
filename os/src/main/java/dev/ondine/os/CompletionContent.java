package dev.ondine.os;

import dev.ondine.engine.FinishReason;
import dev.ondine.engine.GeneratedToken;
import dev.ondine.engine.Generation;
import dev.ondine.engine.PromptScores;
import dev.ondine.tensor.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A completion on the engine. */
final class CompletionContent implements Content {

    private final Work.CompletionWork work;
    private final Generation generation;
    private final Optional<PromptScores> scores;
    private final int contextLength;
    private final TaskListener listener;
    private final StringBuilder text = new StringBuilder();
    private final List<GeneratedToken> scored = new ArrayList<>();
    private GeneratedToken fresh;
    private FinishReason reason;
    private String problem = "";

    /** @param contextLength most tokens of prompt and answers */
    CompletionContent(Work.CompletionWork work, Generation generation, Optional<PromptScores> scores, int contextLength,
                      TaskListener listener) {
        this.work = work;
        this.generation = generation;
        this.scores = scores;
        this.contextLength = contextLength;
        this.listener = listener;
        scores.ifPresent(all -> scored.add(all.first()));
    }

    @Override
    public int length() {
        return generation.length();
    }

    @Override
    public int token(int index) {
        return generation.token(index);
    }

    @Override
    public Row wanted(int index) {
        return isLast(index) || isScored(index) ? Row.LOGITS : Row.NOTHING;
    }

    private boolean isLast(int index) {
        return index == generation.length() - 1 && generation.finishReason() == null;
    }

    /** Whether the row tells how likely a token of the prompt is that has not been told. */
    private boolean isScored(int index) {
        return scores.isPresent() && index + 1 < work.prompt().length && index + 1 >= scores.get().told();
    }

    @Override
    public void take(int index, Matrix values, int row) {
        if (isScored(index)) {
            scored.add(scores.get().next(values, row));
        } else {
            fresh = generation.accept(values, row);
            endIfFull();
        }
    }

    private void endIfFull() {
        if (generation.length() > contextLength) {
            generation.end(FinishReason.CONTEXT);
        }
    }

    @Override
    public Outcome told(boolean isAtEnd) {
        if (!scored.isEmpty()) {
            listener.promptScores(List.copyOf(scored));
            scored.clear();
        }
        GeneratedToken token = fresh;
        fresh = null;
        if (token != null) {
            text.append(token.text());
            listener.token(token);
        }
        return isAtEnd ? outcome(token != null) : Outcome.READS;
    }

    private Outcome outcome(boolean hasToken) {
        if (generation.finishReason() == null) {
            return Outcome.GENERATED;
        }
        if (hasToken && work.goesOn() && generation.finishReason() == FinishReason.STOP) {
            listener.answered(rest());
            return Outcome.BLOCKED;
        }
        end(generation.finishReason(), "");
        return hasToken ? Outcome.ENDED : Outcome.OVER;
    }

    /** Goes on with a tool's tokens. */
    void continueWith(int[] moreTokens) {
        generation.continueWith(moreTokens);
    }

    /** Takes over what an earlier process picked. */
    void replay(int token) {
        text.append(generation.replay(token).text());
        endIfFull();
    }

    /** What the task is after what it has replayed. */
    Outcome replayed() {
        return generation.generated() == 0 ? Outcome.READS : outcome(true);
    }

    private String rest() {
        String rest = generation.rest();
        text.append(rest);
        return rest;
    }

    @Override
    public void end(FinishReason why, String what) {
        if (reason == null) {
            reason = why;
            problem = what;
        }
    }

    @Override
    public void done(Task task) {
        String rest = rest();
        listener.done(rest, new TaskResult(task.id(), reason, task.promptTokens(), task.cachedPromptTokens, generation.completion(),
                text.toString(), new float[0], problem, task.timings()));
    }
}
