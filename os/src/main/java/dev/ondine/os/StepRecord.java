package dev.ondine.os;

import java.util.List;

/**
 * One step that was run, for those who watch.
 *
 * @param startNanos       of the scheduler's clock
 * @param predictedSeconds by the cost model as the scheduler had corrected it by then
 * @param modelSeconds     by the cost model alone
 */
public record StepRecord(long number, String model, long startNanos, double seconds, double predictedSeconds, double modelSeconds,
                         int decodeRows, int prefillTokens, List<Part> parts) {

    /** A task's part. @param isPrefill whether it read instead of decoding */
    public record Part(long task, PriorityClass priority, int tokens, boolean isPrefill) {
    }
}
