package dev.ondine.explorer.simulate;

import dev.ondine.os.PriorityClass;
import java.util.Arrays;

/** The tasks that are on the device, as a {@link DayPolicy} sees them. A task keeps its number until it ends. */
public final class DayTasks {

    /** What a task can do next. */
    static final byte PROMPT = 0;
    static final byte ANSWER = 1;
    static final byte BLOCKED = 2;

    int[] stream = new int[64];
    byte[] state = new byte[64];
    int[] promptLeft = new int[64];
    int[] answerLeft = new int[64];
    int[] depth = new int[64];
    int[] generated = new int[64];
    /** Tokens of the running draft that are still to come; 0 for a task that does not draft. */
    int[] draftLeft = new int[64];
    double[] arrival = new double[64];
    double[] wake = new double[64];
    double[] cloudReady = new double[64];
    long[] plannedIn = new long[64];
    private double[] firstTokenDeadline = new double[64];
    private double[] completionDeadline = new double[64];
    private PriorityClass[] priority = new PriorityClass[64];
    private int[] live = new int[64];
    private int[] free = new int[64];
    private int count;
    private int freeCount;
    private int used;

    DayTasks() {
    }

    /** Tasks that have not ended. */
    public int count() {
        return count;
    }

    /** The number of a task. @param place 0 for the one that came first of those that have not ended */
    public int at(int place) {
        return live[place];
    }

    public PriorityClass priority(int task) {
        return priority[task];
    }

    public double arrivalSeconds(int task) {
        return arrival[task];
    }

    /** On the clock; infinite without a deadline. */
    public double firstTokenDeadline(int task) {
        return firstTokenDeadline[task];
    }

    /** On the clock; infinite without a deadline. */
    public double completionDeadline(int task) {
        return completionDeadline[task];
    }

    /** Prompt tokens that have not been processed. */
    public int promptLeft(int task) {
        return promptLeft[task];
    }

    /** Tokens that are still to be generated. */
    public int answerLeft(int task) {
        return answerLeft[task];
    }

    /** Tokens in the cache. */
    public int depth(int task) {
        return depth[task];
    }

    /** Whether the next step may read a piece of the prompt. */
    public boolean isReading(int task) {
        return state[task] == PROMPT;
    }

    /** Whether the next step may give a token. */
    public boolean isAnswering(int task) {
        return state[task] == ANSWER;
    }

    /** Whether it waits for somebody else: the cloud that verifies its draft. */
    public boolean isBlocked(int task) {
        return state[task] == BLOCKED;
    }

    int add(int ofStream, TaskStream description, double now, int prompt, int answer) {
        int task = freeCount > 0 ? free[--freeCount] : used++;
        if (used > stream.length) {
            grow(2 * stream.length);
        }
        stream[task] = ofStream;
        priority[task] = description.priority();
        state[task] = PROMPT;
        promptLeft[task] = prompt;
        answerLeft[task] = answer;
        depth[task] = 0;
        generated[task] = 0;
        draftLeft[task] = 0;
        arrival[task] = now;
        wake[task] = Double.POSITIVE_INFINITY;
        plannedIn[task] = -1;
        firstTokenDeadline[task] = now + description.firstTokenSeconds();
        completionDeadline[task] = now + description.completionSeconds();
        if (count == live.length) {
            live = Arrays.copyOf(live, 2 * count);
        }
        live[count++] = task;
        return task;
    }

    void remove(int task) {
        int place = 0;
        while (live[place] != task) {
            place++;
        }
        System.arraycopy(live, place + 1, live, place, --count - place);
        free[freeCount++] = task;
    }

    private void grow(int size) {
        stream = Arrays.copyOf(stream, size);
        state = Arrays.copyOf(state, size);
        promptLeft = Arrays.copyOf(promptLeft, size);
        answerLeft = Arrays.copyOf(answerLeft, size);
        depth = Arrays.copyOf(depth, size);
        generated = Arrays.copyOf(generated, size);
        draftLeft = Arrays.copyOf(draftLeft, size);
        arrival = Arrays.copyOf(arrival, size);
        wake = Arrays.copyOf(wake, size);
        cloudReady = Arrays.copyOf(cloudReady, size);
        plannedIn = Arrays.copyOf(plannedIn, size);
        firstTokenDeadline = Arrays.copyOf(firstTokenDeadline, size);
        completionDeadline = Arrays.copyOf(completionDeadline, size);
        priority = Arrays.copyOf(priority, size);
        free = Arrays.copyOf(free, size);
    }
}
