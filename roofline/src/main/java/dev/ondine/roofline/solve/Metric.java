package dev.ondine.roofline.solve;

import dev.ondine.roofline.cost.Bound;
import dev.ondine.roofline.device.Unit;
import dev.ondine.roofline.plan.CloudRates;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A number of a plan that a goal can be set for. */
public enum Metric {
    /** Of one sequence, with drafting where there is a draft model. */
    DECODE("decode", Unit.TOKENS_PER_SECOND, true, "it decodes %s", Outcome::decodeTokensPerSecond),
    /** Of all sequences together. */
    TOTAL("total", Unit.TOKENS_PER_SECOND, true, "all sequences together decode %s", Outcome::totalTokensPerSecond),
    PREFILL("prefill", Unit.TOKENS_PER_SECOND, true, "it reads a prompt at %s", outcome -> outcome.plan().prefill().tokensPerSecond()),
    /** Drafted on the device, checked in the cloud. */
    TOGETHER("together", Unit.TOKENS_PER_SECOND, true, "device and cloud together decode %s",
            outcome -> outcome.plan().cloud().map(CloudRates::togetherTokensPerSecond).orElse(Double.NaN)),
    /** From the prompt to the first token. */
    TTFT("ttft", Unit.SECONDS, false, "the first token takes %s", outcome -> outcome.plan().ttftSeconds()),
    CLOUD_TTFT("cloud ttft", Unit.SECONDS, false, "the cloud's first token takes %s",
            outcome -> outcome.plan().cloud().map(CloudRates::ttftSeconds).orElse(Double.NaN)),
    /** Of a decoded token, idle power included. */
    ENERGY("energy", Unit.JOULES, false, "a token takes %s", Outcome::joulesPerToken),
    /** While it decodes, idle power included. */
    WATTS("power", Unit.WATTS, false, "it draws %s", Outcome::watts),
    /** Weights and caches. */
    MEMORY("memory", Unit.BYTES, false, "it needs %s of memory", outcome -> outcome.plan().footprint().totalBytes()),
    /** Memory that is left on the device; a goal of 0 means that the model fits. */
    SPARE("spare memory", Unit.BYTES, true, "the device has %s to spare",
            outcome -> outcome.plan().footprint().capacityBytes() - outcome.plan().footprint().totalBytes());

    private final String key;
    private final Unit unit;
    private final boolean isFloor;
    private final String sentence;
    private final ToDoubleFunction<Outcome> value;

    Metric(String key, Unit unit, boolean isFloor, String sentence, ToDoubleFunction<Outcome> value) {
        this.key = key;
        this.unit = unit;
        this.isFloor = isFloor;
        this.sentence = sentence;
        this.value = value;
    }

    /** The name in a goal: {@code prefill}. */
    public String key() {
        return key;
    }

    /** Of the value; energy is for one token. */
    public Unit unit() {
        return unit;
    }

    /** Whether goals ask for at least so much; otherwise for at most. */
    public boolean isFloor() {
        return isFloor;
    }

    double of(Outcome outcome) {
        return value.applyAsDouble(outcome);
    }

    /** A value with its unit: {@code 0.3 J/token}. */
    public String words(double number) {
        return Words.of(unit, number) + (this == ENERGY ? "/token" : "");
    }

    /** What comes out, and what bounds it: {@code it decodes 12.3 tok/s, bound by compute}. */
    String told(Outcome outcome) {
        String told = sentence.formatted(words(of(outcome)));
        return switch (this) {
            case DECODE, TOTAL -> told + bound(outcome.plan().decode().bound());
            case PREFILL, TTFT -> told + bound(outcome.plan().prefill().bound());
            case WATTS -> told + " (%s)".formatted(ENERGY.words(outcome.joulesPerToken()));
            case SPARE -> "it needs %s of memory, and the device leaves %s".formatted(
                    Words.of(unit, outcome.plan().footprint().totalBytes()), Words.of(unit, outcome.plan().footprint().capacityBytes()));
            default -> told;
        };
    }

    private static String bound(Bound bound) {
        return bound == Bound.UNKNOWN ? "" : ", bound by " + bound.name().toLowerCase(Locale.ROOT);
    }

    /** Why a plan has no such number. */
    String whyUnknown(Outcome outcome) {
        return switch (this) {
            case PREFILL, TTFT -> "no peak of the device is known; give one (int8 peak)";
            case SPARE -> "the device's memory capacity is unknown; give one";
            case TOGETHER -> outcome.plan().cloud().isEmpty() ? "the plan has no cloud" : "the plan has no draft model";
            case CLOUD_TTFT -> outcome.plan().cloud().isEmpty() ? "the plan has no cloud" : "no peak of the cloud's device is known";
            default -> outcome.plan().footprint().fits() ? "the device's figures do not tell; give its peak (int8 peak)"
                    : SPARE.told(outcome) + "; how fast it reads flash is unknown";
        };
    }

    /** What else lowers or raises it. */
    String remedy() {
        return switch (this) {
            case DECODE, TOTAL, TOGETHER -> "fewer bits, fewer parameters or a draft model would make it faster";
            case PREFILL, TTFT, CLOUD_TTFT -> "a higher peak, fewer parameters or a shorter prompt would make it faster";
            case ENERGY -> "fewer bits, fewer parameters or memory with less energy a bit would take less";
            case WATTS -> "fewer bits, fewer parameters or memory with less energy a bit would draw less";
            case MEMORY, SPARE -> "fewer bits, fewer parameters or a shorter context would need less";
        };
    }
}
