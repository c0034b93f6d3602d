package dev.ondine.explorer.calibrate;

import dev.ondine.roofline.cost.Step;

/** A model whose steps can be timed. One thread uses it. */
public interface TimedModel extends AutoCloseable {

    /**
     * How long a step takes: the {@linkplain LowerQuartile lower quartile} of as many repetitions as the budget has room for, two at
     * least. Each finds the same state; the first counts only if it takes longer than the budget.
     *
     * @param budgetSeconds for the repetitions that count
     */
    double seconds(Step step, double budgetSeconds);

    /** The same from an empty sequence to the logits after a prompt. */
    double promptSeconds(int tokens, double budgetSeconds);

    @Override
    void close();
}
