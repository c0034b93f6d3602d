package dev.ondine.os;

import dev.ondine.roofline.cost.StepCosts;
import java.util.Arrays;

/**
 * What steps take on a runner: the cost model, corrected by what they took. There is one factor for each kind of step (decoding,
 * reading, both) and each power of two of its rows: the median of the last few steps, so that a new speed is learned within four
 * steps and an outlier changes nothing. Sizes that were not seen lately take the factor of the nearest that was: a size that was
 * slow by accident, and is avoided since, gets another chance.
 */
final class CorrectedCosts {

    /** Prompt tokens of the first piece on a machine whose speed nobody knows. */
    private static final int FIRST_PIECE = 16;
    /** A piece is at most so many times as large as the largest that was timed: larger ones may be bound by something else. */
    private static final int GROWTH = 4;
    /** How far off the cost model may be before anything was measured. */
    private static final double DOUBT = 10;
    /** Pieces are multiples of this where they can: kernels work in tiles. */
    private static final int TILE = 16;
    private static final double LEAST_SECONDS = 1e-9;

    private final StepCosts costs;
    private final StepFactors decoding = new StepFactors();
    private final StepFactors reading = new StepFactors();
    private final StepFactors mixed = new StepFactors();
    private int usualPiece;
    private int samplesAtUsual = -1;

    CorrectedCosts(StepCosts costs) {
        this.costs = costs;
    }

    double seconds(int decodeRows, double depthSum, int prefillTokens, double prefillDepth, int logitsRows) {
        if (prefillTokens == 0) {
            return decodeRows == 0 ? 0 : decodeSeconds(decodeRows, depthSum);
        }
        double whole = costs.seconds(decodeRows, depthSum, prefillTokens, prefillDepth, logitsRows);
        if (decodeRows == 0) {
            return whole * reading.at(prefillTokens);
        }
        if (mixed.isKnown()) {
            return whole * mixed.at(prefillTokens);
        }
        double decode = costs.seconds(decodeRows, depthSum, 0, 0, decodeRows);
        return decode * decoding.at(decodeRows) + Math.max(0, whole - decode) * reading.at(prefillTokens);
    }

    /** Of a step that only decodes. */
    double decodeSeconds(int rows, double depthSum) {
        return costs.seconds(rows, depthSum, 0, 0, rows) * decoding.at(rows);
    }

    /** Takes in how long a step took. */
    void learn(StepPlan plan, double seconds) {
        double ratio = Math.max(seconds, LEAST_SECONDS) / plan.seconds();
        if (plan.prefillTokens() == 0) {
            decoding.learn(plan.decodeRows(), ratio);
        } else {
            (plan.decodeRows() == 0 ? reading : mixed).learn(plan.prefillTokens(), ratio);
        }
    }

    /** To read a prompt alone, piece by piece. @param depth tokens of it that are in the cache */
    double readSeconds(int tokens, double depth, double boundSeconds) {
        int piece = usualPiece(boundSeconds);
        if (tokens <= piece) {
            return tokens <= 0 ? 0 : seconds(0, 0, tokens, depth, 1);
        }
        return seconds(0, 0, piece, depth + 0.5 * (tokens - piece), 1) * tokens / piece;
    }

    private int usualPiece(double boundSeconds) {
        int samples = reading.samples();
        if (usualPiece == 0 || samples >= samplesAtUsual + 8 || samples < 8 && samples != samplesAtUsual) {
            samplesAtUsual = samples;
            int piece = costs.mostRows();
            while (piece > 1 && seconds(0, 0, piece, 0, 1) > boundSeconds) {
                piece /= 2;
            }
            usualPiece = piece;
        }
        return usualPiece;
    }

    /**
     * The largest piece of a prompt with which a step stays within a limit.
     *
     * @return 0 if not even one token fits
     */
    int piece(StepPlan plan, Task task, int most, double limitSeconds) {
        if (DOUBT * plan.secondsWith(this, task, most) <= limitSeconds) {
            return most;
        }
        int largest = Math.max(reading.largestFresh(), mixed.largestFresh());
        boolean isKnown = largest > 0;
        int known = Math.min(most, Math.max(FIRST_PIECE, GROWTH * largest));
        double limit = isKnown || plan.rows() > 0 ? limitSeconds : limitSeconds / DOUBT;
        if (plan.secondsWith(this, task, known) <= limit) {
            return known;
        }
        int fits = 0;
        int tooMany = known;
        while (tooMany - fits > 1) {
            int tokens = (fits + tooMany) >>> 1;
            if (plan.secondsWith(this, task, tokens) <= limit) {
                fits = tokens;
            } else {
                tooMany = tokens;
            }
        }
        return fits > TILE ? fits / TILE * TILE : fits;
    }

    /** Factors of one kind of step by its size. */
    private static final class StepFactors {

        private static final int WINDOW = 7;
        private static final int SIZES = 20;
        /** A size that was not seen for so many steps is tried anew. */
        private static final int FRESH = 32;

        private final double[][] last = new double[SIZES][WINDOW];
        private final int[] counts = new int[SIZES];
        private final double[] factors = new double[SIZES];
        private final double[] medians = new double[SIZES];
        private final int[] seenAt = new int[SIZES];
        private int samples;

        StepFactors() {
            Arrays.fill(factors, 1);
        }

        boolean isKnown() {
            return samples > 0;
        }

        int samples() {
            return samples;
        }

        /** Between two sizes on a straight line over the logarithm. */
        double at(int rows) {
            int below = 31 - Integer.numberOfLeadingZeros(rows);
            double part = rows / (double) (1 << below) - 1;
            return factors[below] + part * (factors[below + 1] - factors[below]);
        }

        void learn(int rows, double ratio) {
            int size = 31 - Integer.numberOfLeadingZeros(rows + rows / 2);
            if (!isFresh(size)) {
                counts[size] = 0;
            }
            last[size][counts[size]++ % WINDOW] = ratio;
            seenAt[size] = ++samples;
            double[] seen = Arrays.copyOf(last[size], Math.min(counts[size], WINDOW));
            Arrays.sort(seen);
            medians[size] = seen[seen.length / 2];
            for (int each = 0; each < SIZES; each++) {
                factors[each] = medians[nearestFresh(each)];
            }
        }

        private boolean isFresh(int size) {
            return counts[size] > 0 && samples - seenAt[size] < FRESH;
        }

        private int nearestFresh(int size) {
            for (int distance = 0; distance < SIZES; distance++) {
                if (size - distance >= 0 && isFresh(size - distance)) {
                    return size - distance;
                }
                if (size + distance < SIZES && isFresh(size + distance)) {
                    return size + distance;
                }
            }
            throw new IllegalStateException("nothing was seen");
        }

        /** Rows of the largest size that was seen lately; 0 if none was. */
        int largestFresh() {
            int size = SIZES - 1;
            while (size >= 0 && !isFresh(size)) {
                size--;
            }
            return size < 0 ? 0 : 1 << size;
        }
    }
}
