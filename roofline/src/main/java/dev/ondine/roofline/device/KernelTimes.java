package dev.ondine.roofline.device;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long Ondine's kernels take on a machine, as calibration measured them.
 *
 * @param threads          that worked together
 * @param products         matrix products by the name of the weights' format
 * @param attention        by the name of the cache's format
 * @param operationSeconds that an operation costs besides its work: the rendezvous of the threads and the call
 * @param stepSeconds      that a step costs besides its operations
 * @param cacheBytes       working sets below this stay in the processor's caches
 */
public record KernelTimes(int threads, Map<String, Curve> products, Map<String, Curve> attention, double operationSeconds,
        double stepSeconds, long cacheBytes) {

    public KernelTimes {
        products = Map.copyOf(new TreeMap<>(products));
        attention = Map.copyOf(new TreeMap<>(attention));
    }

    /**
     * Seconds per unit of work, by the number of rows (tokens) that share a pass; between measured numbers of rows it follows a
     * straight line through the logarithms.
     *
     * @param rows    ascending, from 1
     * @param seconds per weight for products, per byte of keys and values for attention; whole pass, all rows together
     * @param cached  the same with a working set that stays in the caches
     */
    public record Curve(int[] rows, double[] seconds, double[] cached) {

        public Curve {
            if (rows.length == 0 || rows.length != seconds.length || rows.length != cached.length || rows[0] != 1) {
                throw new IllegalArgumentException("a curve has as many times as numbers of rows, from 1 row on");
            }
        }

        public double streamed(double atRows) {
            return at(atRows, seconds);
        }

        public double cached(double atRows) {
            return at(atRows, cached);
        }

        private double at(double atRows, double[] times) {
            int last = rows.length - 1;
            if (last == 0 || atRows >= rows[last]) {
                return times[last] * Math.max(1, atRows / rows[last]);
            }
            int upper = 1;
            while (rows[upper] < atRows) {
                upper++;
            }
            double share = Math.log(atRows / rows[upper - 1]) / Math.log((double) rows[upper] / rows[upper - 1]);
            return Math.exp(Math.log(times[upper - 1]) * (1 - share) + Math.log(times[upper]) * share);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Curve curve && Arrays.equals(rows, curve.rows) && Arrays.equals(seconds, curve.seconds)
                    && Arrays.equals(cached, curve.cached);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(seconds);
        }
    }
}
