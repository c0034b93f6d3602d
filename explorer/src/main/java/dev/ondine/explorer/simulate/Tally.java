package dev.ondine.explorer.simulate;

import dev.ondine.roofline.formula.Modality;
import java.util.Arrays;

/** What happened to the tasks of one stream. */
final class Tally {

    final long[] promptTokens = new long[Modality.values().length];
    long arrivals;
    long completed;
    long refused;
    long toCloud;
    long lateFirstTokens;
    long lateCompletions;
    long readTokens;
    long unreadTokens;
    long askedTokens;
    long leftTokens;
    long deviceTokens;
    long cloudTokens;
    long draftedTokens;
    double joules;
    double busySeconds;
    final Samples firstTokens = new Samples();
    final Samples completions = new Samples();

    void refuse(long promptOfTask, int answerOfTask) {
        refused++;
        unreadTokens += promptOfTask;
        leftTokens += answerOfTask;
    }

    /** What comes after the end counts as late only if its deadline is before the end. */
    void firstToken(TaskStream stream, double from, double to, double end) {
        if (to - from > stream.firstTokenSeconds() && from + stream.firstTokenSeconds() < end) {
            lateFirstTokens++;
        }
        if (to <= end) {
            firstTokens.add(to - from);
        }
    }

    void completion(TaskStream stream, double from, double to, double end) {
        if (to - from > stream.completionSeconds() && from + stream.completionSeconds() < end) {
            lateCompletions++;
        }
        if (to <= end) {
            completed++;
            completions.add(to - from);
        }
    }

    void add(Tally other) {
        for (int i = 0; i < promptTokens.length; i++) {
            promptTokens[i] += other.promptTokens[i];
        }
        arrivals += other.arrivals;
        completed += other.completed;
        refused += other.refused;
        toCloud += other.toCloud;
        lateFirstTokens += other.lateFirstTokens;
        lateCompletions += other.lateCompletions;
        readTokens += other.readTokens;
        unreadTokens += other.unreadTokens;
        askedTokens += other.askedTokens;
        leftTokens += other.leftTokens;
        deviceTokens += other.deviceTokens;
        cloudTokens += other.cloudTokens;
        draftedTokens += other.draftedTokens;
        joules += other.joules;
        busySeconds += other.busySeconds;
        firstTokens.add(other.firstTokens);
        completions.add(other.completions);
    }

    /** Numbers whose percentiles are wanted. */
    static final class Samples {

        private double[] values = new double[16];
        private int count;

        void add(double value) {
            if (count == values.length) {
                values = Arrays.copyOf(values, 2 * count);
            }
            values[count++] = value;
        }

        void add(Samples other) {
            values = Arrays.copyOf(values, Math.max(16, count + other.count));
            System.arraycopy(other.values, 0, values, count, other.count);
            count += other.count;
        }

        Latency latency() {
            double[] sorted = Arrays.copyOf(values, count);
            Arrays.sort(sorted);
            return new Latency(count, Arrays.stream(sorted).sum() / count, rank(sorted, 0.5), rank(sorted, 0.95), rank(sorted, 0.99),
                    rank(sorted, 1));
        }

        /** The least sample that so large a share of all does not exceed. */
        private static double rank(double[] sorted, double share) {
            return sorted.length == 0 ? Double.NaN : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
        }
    }
}
