package dev.ondine.explorer.calibrate;

import dev.ondine.roofline.cost.Step;

/** A model whose steps can be timed. One thread uses it. */
public interface TimedModel extends AutoCloseable {

    /**
     * How long a step takes, each time in the same state.
     *
     * @param repetitions how often it is timed, after once that is not counted
     * @return seconds of each
     */
    double[] seconds(Step step, int repetitions);

    /** From an empty sequence to the logits after a prompt. @return seconds of each repetition */
    double[] promptSeconds(int tokens, int repetitions);

    @Override
    void close();
}
