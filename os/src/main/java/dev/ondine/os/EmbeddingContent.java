package dev.ondine.os;

import dev.ondine.engine.FinishReason;
import dev.ondine.tensor.Matrix;

/** An embedding on the engine: the mean of the vectors that its tokens end as, or the last of them, at unit length. */
final class EmbeddingContent implements Content {

    private final Work.EmbeddingWork work;
    private final TaskListener listener;
    private final double[] sum;
    private final float[] vector;
    /** Index of the first token that is not in the sum. */
    private int pooled;
    private FinishReason reason;
    private String problem = "";

    EmbeddingContent(Work.EmbeddingWork work, int modelDim, TaskListener listener) {
        this.work = work;
        this.listener = listener;
        this.sum = new double[modelDim];
        this.vector = new float[modelDim];
        this.pooled = work.pooling() == Work.Pooling.MEAN ? 0 : work.prompt().length - 1;
    }

    @Override
    public int length() {
        return work.prompt().length;
    }

    @Override
    public int token(int index) {
        return work.prompt()[index];
    }

    @Override
    public Row wanted(int index) {
        return index >= pooled ? Row.EMBEDDING : Row.NOTHING;
    }

    @Override
    public void take(int index, Matrix values, int row) {
        values.copyRow(row, vector);
        for (int channel = 0; channel < sum.length; channel++) {
            sum[channel] += vector[channel];
        }
        pooled = index + 1;
    }

    @Override
    public Outcome told(boolean isAtEnd) {
        if (!isAtEnd) {
            return Outcome.READS;
        }
        normalise();
        end(FinishReason.STOP, "");
        return Outcome.OVER;
    }

    private void normalise() {
        double squares = 0;
        for (double value : sum) {
            squares += value * value;
        }
        if (!(squares > 0) || Double.isInfinite(squares)) {
            throw new IllegalStateException("the vector's length is %s, which makes no unit vector".formatted(Math.sqrt(squares)));
        }
        double scale = 1 / Math.sqrt(squares);
        for (int channel = 0; channel < sum.length; channel++) {
            vector[channel] = (float) (sum[channel] * scale);
        }
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
        float[] result = reason == FinishReason.STOP ? vector : new float[0];
        listener.done("", new TaskResult(task.id(), reason, task.promptTokens(), task.cachedPromptTokens, new int[0], "", result, problem,
                task.timings()));
    }
}
