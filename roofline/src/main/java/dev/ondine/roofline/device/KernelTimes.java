package dev.ondine.roofline.device;

import java.util.Map;
import java.util.TreeMap;

/**
 * How long Ondine's kernels take on a machine, as calibration measured them.
 *
 * @param threads           that worked together
 * @param memory            bytes per second of plain reads, by the bytes that are read again and again; by the number of threads
 * @param reading           seconds per byte of weights that one token multiplies, by the bytes that a step reads
 * @param products          seconds per weight of a matrix product, by the rows (tokens) that share it; by the name of the format
 * @param productSetBytes   that a step read while products were measured
 * @param attention         by the name of the cache's format
 * @param rendezvousSeconds of all threads, without work
 * @param operationSeconds  that an operation costs besides its work: the call and the rendezvous
 * @param stepSeconds       that a step costs besides its operations
 */
public record KernelTimes(int threads, Map<Integer, Curve> memory, Curve reading, Map<String, Curve> products, double productSetBytes,
        Map<String, AttentionTimes> attention, double rendezvousSeconds, double operationSeconds, double stepSeconds) {

    public KernelTimes {
        memory = Map.copyOf(new TreeMap<>(memory));
        products = Map.copyOf(new TreeMap<>(products));
        attention = Map.copyOf(new TreeMap<>(attention));
    }

    /**
     * What attention takes, whichever is longer.
     *
     * @param secondsPerByte               of keys and values, read by one token of each sequence
     * @param secondsPerMultiplyAccumulate of many tokens that share what is read
     * @param setBytes                     that a step read while this was measured
     */
    public record AttentionTimes(double secondsPerByte, double secondsPerMultiplyAccumulate, double setBytes) {
    }

    /**
     * Seconds that reading takes compared with the measurement: less where a step reads so little again and again that caches hold it.
     *
     * @param bytes    of the step
     * @param measured bytes of the measured step, more than caches hold
     */
    public double memoryFactor(double bytes, double measured) {
        return Math.min(1, reading.at(bytes) / reading.at(measured));
    }
}
