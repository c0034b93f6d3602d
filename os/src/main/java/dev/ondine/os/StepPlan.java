package dev.ondine.os;

import java.util.ArrayList;
import java.util.List;

/** What one step does: for each of some tasks of one runner, how many of its tokens are run. */
public final class StepPlan {

    /**
     * Tokens of one task in a step: the last one alone to decode, a piece of the prompt to read.
     *
     * @param from       the first of them, an index into all that is known of the task
     * @param reachesEnd whether all that is known of the task is run then, so that its next token comes out
     */
    public record Share(Task task, int from, int tokens, boolean reachesEnd) {
    }

    private final StepRunner runner;
    private final List<Share> shares = new ArrayList<>();
    private int decodeRows;
    private double depthSum;
    private int prefillTokens;
    private double prefillDepthSum;
    private int logitsRows;

    StepPlan(StepRunner runner) {
        this.runner = runner;
    }

    /** How long the step would take with a share more. */
    double secondsWith(CorrectedCosts costs, Task task, int tokens) {
        int logits = logitsRows + logitsRows(task, tokens);
        if (task.pending() == 1) {
            return costs.seconds(decodeRows + 1, depthSum + task.computed(), prefillTokens, prefillDepth(), logits);
        }
        int prefill = prefillTokens + tokens;
        return costs.seconds(decodeRows, depthSum, prefill, (prefillDepthSum + (double) tokens * task.computed()) / prefill, logits);
    }

    double seconds(CorrectedCosts costs) {
        return costs.seconds(decodeRows, depthSum, prefillTokens, prefillDepth(), logitsRows);
    }

    private static int logitsRows(Task task, int tokens) {
        return task.scoresPrompt && task.pending() > 1 ? tokens : tokens == task.pending() ? 1 : 0;
    }

    /** Adds a share of a task that is not in the plan yet. */
    void add(Task task, int tokens) {
        int rowsOfLogits = logitsRows(task, tokens);
        shares.add(new Share(task, task.computed(), tokens, tokens == task.pending()));
        if (task.pending() == 1) {
            decodeRows++;
            depthSum += task.computed();
        } else {
            prefillTokens += tokens;
            prefillDepthSum += (double) tokens * task.computed();
        }
        logitsRows += rowsOfLogits;
    }

    /** How many of so many tokens of a task fit the rows that can give logits. */
    int fitting(Task task, int tokens) {
        int room = runner.mostLogitsRows() - logitsRows;
        if (task.scoresPrompt && task.pending() > 1) {
            return Math.min(tokens, room);
        }
        return tokens < task.pending() || room > 0 ? tokens : tokens - 1;
    }

    public StepRunner runner() {
        return runner;
    }

    public List<Share> shares() {
        return shares;
    }

    public int rows() {
        return decodeRows + prefillTokens;
    }

    /** Tasks that get one more token. */
    public int decodeRows() {
        return decodeRows;
    }

    /** Tokens in the caches of the decoding tasks, all together. */
    public double depthSum() {
        return depthSum;
    }

    public int prefillTokens() {
        return prefillTokens;
    }

    /** Tokens that are in the cache already, on average over the tokens that are read. */
    public double prefillDepth() {
        return prefillTokens == 0 ? 0 : prefillDepthSum / prefillTokens;
    }

    public int logitsRows() {
        return logitsRows;
    }

    /** By the cost model, before correction. */
    public double seconds() {
        return runner.costs().seconds(decodeRows, depthSum, prefillTokens, prefillDepth(), logitsRows);
    }

    /** By the cost model, without what the device draws when idle. */
    public double joules() {
        return runner.costs().joules(decodeRows, depthSum, prefillTokens, prefillDepth(), logitsRows);
    }
}
