package dev.ondine.os;

/** Counts of times by their length, to within 3 %, from a microsecond to days; least and most are exact. */
final class LatencyHistogram {

    /** Parts of each doubling. */
    private static final int PARTS = 32;
    private static final int DOUBLINGS = 40;
    private static final double LEAST_SECONDS = 1e-6;

    private final long[] counts = new long[PARTS * DOUBLINGS];
    private long count;
    private double sum;
    private double most;

    void add(double seconds) {
        double doublings = Math.log(Math.max(seconds, LEAST_SECONDS) / LEAST_SECONDS) / Math.log(2);
        counts[Math.min(counts.length - 1, (int) (doublings * PARTS))]++;
        count++;
        sum += seconds;
        most = Math.max(most, seconds);
    }

    SchedulerStats.Times times() {
        return new SchedulerStats.Times(count, count == 0 ? 0 : sum / count, quantile(0.5), quantile(0.99), most);
    }

    private double quantile(double share) {
        long rank = (long) Math.ceil(share * count);
        long seen = 0;
        for (int i = 0; i < counts.length && count > 0; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return Math.min(most, LEAST_SECONDS * Math.pow(2, (i + 1.0) / PARTS));
            }
        }
        return 0;
    }
}
