package dev.ondine.explorer.simulate;

/**
 * Times of many tasks in seconds. A percentile is one of the times: the least that so large a share of them does not exceed.
 * All are NaN where there was none.
 */
public record Latency(long count, double mean, double p50, double p95, double p99, double max) {
}
