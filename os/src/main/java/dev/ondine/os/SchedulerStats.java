package dev.ondine.os;

import java.util.Map;

/**
 * What a scheduler has done until now.
 *
 * @param policy            its name
 * @param steps             that were run
 * @param busySeconds       that they took
 * @param decodedTokens     of answers
 * @param prefillTokens     that were read, or computed again
 * @param decodeRate        answer tokens per second over the last steps, a second of work or so
 * @param prefillRate       prompt tokens per second over the last steps
 * @param firstToken        from submission to first token, by class
 * @param interruptLatency  from submission of an interrupt to the start of its first step
 * @param urgentLatency     the same for tasks of any class that were more urgent than all that ran when they came
 * @param stepTimes         of all steps
 * @param medianError       of predicted step times, signed: measured over predicted less 1, over the last steps
 * @param medianSize        of these errors without their sign
 * @param done              tasks that have ended, for whatever reason
 * @param refused           tasks whose deadline could not be promised, or for which there was no place
 * @param promised          tasks with a deadline that were taken
 * @param kept              those of them that have ended with their deadline kept
 * @param missed            those that have ended without
 * @param preemptions       caches that were taken away from tasks that could run
 * @param parkedBytes       moved by that
 */
public record SchedulerStats(String policy, long steps, double busySeconds, long decodedTokens, long prefillTokens, double decodeRate,
                             double prefillRate, Map<PriorityClass, Times> firstToken, Times interruptLatency, Times urgentLatency,
                             Times stepTimes, double medianError, double medianSize, long done, long refused, long promised, long kept,
                             long missed, long preemptions, long parkedBytes) {

    /** A distribution of times, in seconds; p50 and p99 to within 3 %. */
    public record Times(long count, double mean, double p50, double p99, double max) {
    }
}
