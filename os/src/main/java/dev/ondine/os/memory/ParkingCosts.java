package dev.ondine.os.memory;

import dev.ondine.roofline.formula.ParkedCache;
import java.util.EnumSet;
import java.util.Set;

/**
 * What each way to park a cache costs: seconds of the machine, and memory that lies idle meanwhile.
 *
 * @param bytes    that parking would free
 * @param tokens   in the cache
 * @param keptPart of the bytes that stay when it is compressed
 * @see <a href="https://arxiv.org/abs/2402.01869">InferCept</a>: of all ways, the one with the least waste of memory x time
 */
record ParkingCosts(double bytes, int tokens, double keptPart, ParkingSpeeds.Snapshot speeds) {

    /** Seconds that the machine spends on parking and on coming back. */
    double seconds(ParkingWay way) {
        ParkedCache cache = new ParkedCache(bytes, tokens);
        return switch (way) {
            case KEPT -> 0;
            case COMPRESSED -> cache.swapSeconds(speeds.compressBytesPerSecond(), speeds.expandBytesPerSecond());
            case SWAPPED -> cache.swapSeconds(speeds.writeBytesPerSecond(), speeds.readBytesPerSecond());
            case DROPPED -> cache.recomputeSeconds(speeds.prefillTokensPerSecond());
        };
    }

    /**
     * Byte-seconds of memory that do nothing for anybody: what stays while the task waits; and, while the machine moves or computes the
     * cache, the cache itself and all others, which wait for that. A cache that is computed again is on average half there.
     *
     * @param waitSeconds how long the task is expected to wait
     * @param otherBytes  of the caches of all others that could run
     */
    double waste(ParkingWay way, double waitSeconds, double otherBytes) {
        return switch (way) {
            case KEPT -> waitSeconds * bytes;
            case COMPRESSED -> waitSeconds * keptPart * bytes + seconds(way) * (bytes + otherBytes);
            case SWAPPED -> seconds(way) * (bytes + otherBytes);
            case DROPPED -> seconds(way) * (bytes / 2 + otherBytes);
        };
    }

    /** The way that brings the cache back soonest and frees memory now. */
    ParkingWay fastest(Set<ParkingWay> possible) {
        EnumSet<ParkingWay> freeing = EnumSet.copyOf(possible);
        freeing.remove(ParkingWay.KEPT);
        return freeing.stream().min((a, b) -> Double.compare(seconds(a), seconds(b))).orElse(ParkingWay.DROPPED);
    }

    /** The way that wastes least while the task waits. */
    ParkingWay leastWaste(Set<ParkingWay> possible, double waitSeconds, double otherBytes) {
        return possible.stream().min((a, b) -> Double.compare(waste(a, waitSeconds, otherBytes), waste(b, waitSeconds, otherBytes)))
                .orElse(ParkingWay.DROPPED);
    }
}
