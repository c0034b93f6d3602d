package dev.ondine.roofline.solve;

import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.device.Unit;
import dev.ondine.roofline.plan.PlanRequest;
import dev.ondine.roofline.plan.Planner;
import dev.ondine.roofline.plan.Workload;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.StoredFormat;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The one number of a request that is asked for. */
public enum Unknown {
    /** Of the device's memory, other traffic on it included. */
    BANDWIDTH("memory bandwidth", Unit.BYTES_PER_SECOND, Extreme.LEAST, Spec.MEMORY_BANDWIDTH.least(), Spec.MEMORY_BANDWIDTH.most()),
    /** Bits of every weight, scales included. Above 8 they are multiplied as 16-bit numbers, which are slower: a step up in cost. */
    BITS("bits a weight", Unit.BITS, Extreme.MOST, 1, 32),
    /**
     * Of the model. One of which only the size is known grows exactly; any other grows as a whole: see {@link ScaledShape}. The efficiency
     * stays that of the request.
     */
    PARAMETERS("parameters", Unit.NUMBER, Extreme.MOST, 1e6, 1e13),
    /** Tokens in the cache of each sequence. */
    CONTEXT("context", Unit.NUMBER, Extreme.MOST, 0, 1e8),
    /** Sequences that decode together. */
    BATCH("batch", Unit.NUMBER, Extreme.MOST, 1, 1e6),
    /** While decoding no faster than the target asks: idle power, and the energy of each token. */
    POWER("power", Unit.WATTS, Extreme.LEAST, 1e-3, 1e6),
    /** Chance that a token of the draft is taken. */
    ACCEPTANCE("acceptance", Unit.NUMBER, Extreme.LEAST, 0, 1),
    /** Round trip to the cloud; goals for decoding and the first token are then those of device and cloud together. */
    RTT("round trip", Unit.SECONDS, Extreme.MOST, 0, 3600),
    COMPUTE("int8 peak", Unit.OPERATIONS_PER_SECOND, Extreme.LEAST, Spec.INT8_PEAK.least(), Spec.INT8_PEAK.most()),
    CAPACITY("memory capacity", Unit.BYTES, Extreme.LEAST, Spec.MEMORY_CAPACITY.least(), Spec.MEMORY_CAPACITY.most()),
    /** Share of the memory bandwidth that decoding reaches. */
    MBU("MBU", Unit.NUMBER, Extreme.LEAST, Spec.MEMORY_EFFICIENCY.least(), 1);

    private final String key;
    private final Unit unit;
    private final Extreme usual;
    private final double least;
    private final double most;

    Unknown(String key, Unit unit, Extreme usual, double least, double most) {
        this.key = key;
        this.unit = unit;
        this.usual = usual;
        this.least = least;
        this.most = most;
    }

    /** For people: {@code memory bandwidth}. */
    public String key() {
        return key;
    }

    public Unit unit() {
        return unit;
    }

    public boolean isWhole() {
        return this == PARAMETERS || this == CONTEXT || this == BATCH;
    }

    /** What is asked for where the target is missed, or met, at both ends. */
    Extreme usual(Goal target) {
        return this == BATCH && (target.metric() == Metric.TOTAL || target.metric() == Metric.ENERGY) ? Extreme.LEAST : usual;
    }

    /** @throws IllegalArgumentException naming all */
    public static Unknown named(String name) {
        String wanted = name.strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(values()).filter(unknown -> unknown.key.equalsIgnoreCase(wanted) || unknown.name().equalsIgnoreCase(wanted))
                .findAny().orElseThrow(() -> new IllegalArgumentException(
                        "there is no unknown \"%s\", expected one of %s".formatted(name, names())));
    }

    private static String names() {
        return Arrays.stream(values()).map(unknown -> unknown.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", "));
    }

    /** A value with its unit: {@code 76.8 GB/s}. */
    public String words(double value) {
        return Words.of(unit, value);
    }

    /** The values that can be. @throws IllegalArgumentException if the request has no place for this number */
    Axis axis(PlanRequest request) {
        requirePlace(request);
        // Other traffic on the bus comes first.
        double from = this == BANDWIDTH ? Math.max(least, request.device().number(Spec.SHARED_TRAFFIC, 0) * (1 + 1e-9)) : least;
        return new Axis(from, most, isWhole(), this == ACCEPTANCE);
    }

    private void requirePlace(PlanRequest request) {
        switch (this) {
            case ACCEPTANCE -> request.drafting().orElseThrow(
                    () -> new IllegalArgumentException("acceptance is that of a draft model; name one"));
            case RTT -> request.cloud().orElseThrow(
                    () -> new IllegalArgumentException("the round trip is that to a cloud; name one"));
            case BANDWIDTH, COMPUTE, MBU -> {
                if (request.device().kernels().isPresent()) {
                    throw new IllegalArgumentException("%s is calibrated: its times are measured and do not follow from its %s"
                            .formatted(request.device().id(), key));
                }
            }
            default -> { }
        }
    }

    Outcome outcome(PlanRequest request, double value) {
        return this == POWER ? Outcome.within(Planner.plan(request), value) : new Outcome(Planner.plan(set(request, value)), 1);
    }

    /** The request with this number in it; power is none of its numbers. */
    PlanRequest set(PlanRequest request, double value) {
        Device device = request.device();
        Workload workload = request.workload();
        return switch (this) {
            case BANDWIDTH -> request.with(device.with(Spec.MEMORY_BANDWIDTH, value));
            case BITS -> request.with(new Precision.Uniform(StoredFormat.ofBits(value)));
            case PARAMETERS -> request.with(ScaledShape.of(request.shape(), value / request.shape().parameters()));
            case CONTEXT -> request.with(workload.withContext((int) value));
            case BATCH -> request.with(workload.withBatch((int) value));
            case POWER -> request;
            case ACCEPTANCE -> request.with(request.drafting().orElseThrow().withAcceptance(value));
            case RTT -> request.with(request.cloud().orElseThrow().withRoundTrip(value));
            case COMPUTE -> request.with(device.with(Spec.INT8_PEAK, value));
            case CAPACITY -> request.with(device.with(Spec.MEMORY_CAPACITY, value));
            case MBU -> request.with(request.efficiency().withMemory(value));
        };
    }

    /** The end of the range in words: {@code infinite memory bandwidth}. */
    String endWords(double value) {
        return value == most && (this == BANDWIDTH || this == COMPUTE || this == CAPACITY) ? "an infinite " + key
                : unit == Unit.NUMBER ? key + " " + words(value) : words(value).strip() + (unit == Unit.BITS ? " a weight" : " of " + key);
    }
}
