package dev.ondine.engine;

import java.util.Arrays;

/**
 * Candidate tokens with their probabilities, likeliest first; they sum to 1 after every filter. Reused from token to token.
 */
final class Probabilities {

    private final long[] ranked;
    private final int[] tokens;
    private final float[] logits;
    private final double[] probabilities;
    private int size;

    Probabilities(int vocabSize) {
        ranked = new long[vocabSize];
        tokens = new int[vocabSize];
        logits = new float[vocabSize];
        probabilities = new double[vocabSize];
    }

    /** Softmax over the {@code limit} highest logits; 0 for all. Equal logits rank by id, not-a-number ranks last. */
    Probabilities of(Logits source, int limit) {
        for (int token = 0; token < ranked.length; token++) {
            ranked[token] = rank(source.get(token), token);
        }
        size = limit > 0 ? Math.min(limit, ranked.length) : ranked.length;
        sortLowest(ranked.length, size);
        for (int index = 0; index < size; index++) {
            tokens[index] = (int) ranked[index];
            logits[index] = source.get(tokens[index]);
        }
        return softmax(1);
    }

    /** Recomputes the probabilities of the remaining candidates at a temperature above 0. */
    Probabilities softmax(float temperature) {
        double sum = 0;
        for (int index = 0; index < size; index++) {
            double weight = Math.exp(((double) logits[index] - logits[0]) / temperature);
            probabilities[index] = weight > 0 ? weight : 0;
            sum += probabilities[index];
        }
        return scaledBy(sum > 0 ? 1 / sum : 0);
    }

    int size() {
        return size;
    }

    int token(int index) {
        return tokens[index];
    }

    double probability(int index) {
        return probabilities[index];
    }

    /** Keeps the first candidates whose probabilities reach {@code mass}, at least one. */
    void keepMass(double mass) {
        double sum = 0;
        int kept = 0;
        while (kept < size && sum < mass) {
            sum += probabilities[kept++];
        }
        keepFirst(kept);
    }

    /** Keeps candidates at least {@code fraction} as likely as the likeliest. */
    void keepAtLeast(double fraction) {
        int kept = 1;
        while (kept < size && probabilities[kept] >= fraction * probabilities[0]) {
            kept++;
        }
        keepFirst(kept);
    }

    /** Keeps the candidates whose surprise is closest to the entropy, up to {@code mass}; the order stays by likelihood. */
    void keepTypical(double mass) {
        double entropy = 0;
        for (int index = 0; index < size; index++) {
            entropy -= probabilities[index] > 0 ? probabilities[index] * Math.log(probabilities[index]) : 0;
        }
        for (int index = 0; index < size; index++) {
            ranked[index] = rank((float) -Math.abs(-Math.log(probabilities[index]) - entropy), index);
        }
        Arrays.sort(ranked, 0, size);
        double sum = 0;
        int kept = 0;
        while (kept < size && sum < mass) {
            sum += probabilities[(int) ranked[kept++]];
        }
        gather(kept);
    }

    private void gather(int kept) {
        for (int index = 0; index < kept; index++) {
            ranked[index] = (int) ranked[index];
        }
        Arrays.sort(ranked, 0, kept);
        for (int index = 0; index < kept; index++) {
            int from = (int) ranked[index];
            tokens[index] = tokens[from];
            logits[index] = logits[from];
            probabilities[index] = probabilities[from];
        }
        keepFirst(kept);
    }

    private void keepFirst(int kept) {
        size = Math.max(1, kept);
        double sum = 0;
        for (int index = 0; index < size; index++) {
            sum += probabilities[index];
        }
        scaledBy(sum > 0 ? 1 / sum : 0);
    }

    private Probabilities scaledBy(double factor) {
        for (int index = 0; index < size; index++) {
            probabilities[index] *= factor;
        }
        return this;
    }

    /** Brings the {@code wanted} lowest of the first {@code count} ranks to the front, sorted. */
    private void sortLowest(int count, int wanted) {
        int low = 0;
        int high = count - 1;
        while (wanted < count && low < high) {
            int split = partition(low, high);
            if (split >= wanted) {
                high = split;
            } else {
                low = split + 1;
            }
            if (low >= wanted) {
                break;
            }
        }
        Arrays.sort(ranked, 0, wanted);
    }

    /** Hoare's partition: afterwards everything in [low, split] is at most everything in (split, high]. */
    private int partition(int low, int high) {
        long pivot = ranked[low + high >>> 1];
        int left = low - 1;
        int right = high + 1;
        while (true) {
            do {
                left++;
            } while (ranked[left] < pivot);
            do {
                right--;
            } while (ranked[right] > pivot);
            if (left >= right) {
                return right;
            }
            long swapped = ranked[left];
            ranked[left] = ranked[right];
            ranked[right] = swapped;
        }
    }

    /** A number that sorts high values before low ones, ties by index, NaN last. */
    private static long rank(float value, int index) {
        int bits = Float.floatToIntBits(Float.isNaN(value) ? Float.NEGATIVE_INFINITY : value + 0f);
        int ascending = bits ^ (bits >> 31 & Integer.MAX_VALUE);
        return (long) ~ascending << 32 | index;
    }
}
