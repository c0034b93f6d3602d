package dev.ondine.explorer.simulate;

import java.util.Arrays;

/** What one step will do: a token for some tasks, pieces of prompts for others. A {@link DayPolicy} fills it. */
public final class DayStep {

    private final DayTasks tasks;
    private final int mostRows;
    private int[] taskOf = new int[16];
    private int[] tokensOf = new int[16];
    private int entries;
    private long number;
    private int decodeRows;
    private double depthSum;
    private int prefillTokens;
    private double prefillDepthSum;
    private int logitsRows;

    DayStep(DayTasks tasks, int mostRows) {
        this.tasks = tasks;
        this.mostRows = mostRows;
    }

    void clear() {
        entries = 0;
        decodeRows = 0;
        depthSum = 0;
        prefillTokens = 0;
        prefillDepthSum = 0;
        logitsRows = 0;
        number++;
    }

    /** One more token of a task that {@linkplain DayTasks#isAnswering answers}. */
    public void decode(int task) {
        if (!tasks.isAnswering(task)) {
            throw new IllegalStateException("task %d cannot give a token now".formatted(task));
        }
        add(task, 0, 1);
        decodeRows++;
        logitsRows++;
        depthSum += tasks.depth(task);
    }

    /** The next tokens of the prompt of a task that {@linkplain DayTasks#isReading reads}. */
    public void prefill(int task, int tokens) {
        if (!tasks.isReading(task) || tokens < 1 || tokens > tasks.promptLeft(task)) {
            throw new IllegalStateException("task %d cannot read %d tokens now".formatted(task, tokens));
        }
        add(task, tokens, tokens);
        prefillTokens += tokens;
        prefillDepthSum += (double) tokens * tasks.depth(task);
        if (tokens == tasks.promptLeft(task)) {
            logitsRows++;
        }
    }

    private void add(int task, int tokens, int moreRows) {
        if (rows() + moreRows > mostRows) {
            throw new IllegalStateException("%d rows are in the step, %d more would be above %d".formatted(rows(), moreRows, mostRows));
        }
        if (tasks.plannedIn[task] == number) {
            throw new IllegalStateException("task %d is in the step already".formatted(task));
        }
        tasks.plannedIn[task] = number;
        if (entries == taskOf.length) {
            taskOf = Arrays.copyOf(taskOf, 2 * entries);
            tokensOf = Arrays.copyOf(tokensOf, 2 * entries);
        }
        taskOf[entries] = task;
        tokensOf[entries++] = tokens;
    }

    /** Decode rows and prompt tokens so far. */
    public int rows() {
        return decodeRows + prefillTokens;
    }

    /** Rows that a step can have. */
    public int mostRows() {
        return mostRows;
    }

    public int decodeRows() {
        return decodeRows;
    }

    public double depthSum() {
        return depthSum;
    }

    public int prefillTokens() {
        return prefillTokens;
    }

    /** Tokens that are in the caches of the prompts already, on average over the tokens that are read. */
    public double prefillDepth() {
        return prefillTokens == 0 ? 0 : prefillDepthSum / prefillTokens;
    }

    int logitsRows() {
        return logitsRows;
    }

    int entries() {
        return entries;
    }

    int task(int entry) {
        return taskOf[entry];
    }

    /** 0 for a decode row. */
    int promptTokens(int entry) {
        return tokensOf[entry];
    }
}
