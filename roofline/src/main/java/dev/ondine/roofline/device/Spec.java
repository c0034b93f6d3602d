package dev.ondine.roofline.device;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What the catalogue knows of a device: each figure with its name in a device file, its unit and the range that can be true. */
public enum Spec {
    /** When it was announced; a fraction is the month. */
    YEAR(Unit.YEAR, 1980, 2100),
    MEMORY_BUS(Unit.BITS, 8, 65_536),
    /** Transfers per second and pin. */
    MEMORY_RATE(Unit.TRANSFERS_PER_SECOND, 1e8, 1e11),
    MEMORY_BANDWIDTH(Unit.BYTES_PER_SECOND, 1e6, 1e17),
    /** What shipping devices carry at most. */
    MEMORY_CAPACITY(Unit.BYTES, 1e6, 1e15),
    /** What the operating system, display and other apps keep of the capacity. */
    MEMORY_RESERVED(Unit.BYTES, 0, 1e15),
    /** Traffic of display, camera and other processors on the same memory. */
    SHARED_TRAFFIC(Unit.BYTES_PER_SECOND, 0, 1e15),
    /** Dense 8-bit integer operations per second; a multiply-accumulate is two. */
    INT8_PEAK(Unit.OPERATIONS_PER_SECOND, 1e8, 1e19),
    /** Dense 16-bit floating-point operations per second. */
    FP16_PEAK(Unit.OPERATIONS_PER_SECOND, 1e8, 1e19),
    /** Dense 8-bit floating-point operations per second. */
    FP8_PEAK(Unit.OPERATIONS_PER_SECOND, 1e8, 1e19),
    /** Share of the memory bandwidth that decoding reaches: model bandwidth utilisation. */
    MEMORY_EFFICIENCY(Unit.SHARE, 0.001, 1.2),
    /** Share of the peak that large matrix products reach. */
    COMPUTE_EFFICIENCY(Unit.SHARE, 0.001, 1),
    /** Added to each step of a model: launch, rendezvous. */
    STEP_OVERHEAD(Unit.SECONDS, 0, 1),
    FLASH_READ(Unit.BYTES_PER_SECOND, 1e6, 1e12),
    FLASH_WRITE(Unit.BYTES_PER_SECOND, 1e6, 1e12),
    /** What the device draws under sustained load. */
    POWER(Unit.WATTS, 0.01, 1e6),
    IDLE_POWER(Unit.WATTS, 0, 1e6),
    /** To bring one bit from memory into the processor. */
    MEMORY_ENERGY(Unit.JOULES_PER_BIT, 1e-14, 1e-9),
    /** Of one 8-bit multiply-accumulate, with what moves its operands on the chip. */
    MAC_ENERGY(Unit.JOULES, 1e-15, 1e-9),
    FLASH_ENERGY(Unit.JOULES_PER_BIT, 1e-14, 1e-9),
    BATTERY(Unit.WATT_HOURS, 0.1, 1e6),
    /** Share of the full speed that is left when the device is hot. */
    SUSTAINED(Unit.SHARE, 0.01, 1);

    private final Unit unit;
    private final double least;
    private final double most;

    Spec(Unit unit, double least, double most) {
        this.unit = unit;
        this.least = least;
        this.most = most;
    }

    /** The name in a device file and on the command line: {@code memory bandwidth}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    public Unit unit() {
        return unit;
    }

    public double least() {
        return least;
    }

    public double most() {
        return most;
    }

    public static Optional<Spec> ofKey(String key) {
        return Stream.of(values()).filter(spec -> spec.key().equals(key)).findAny();
    }

    /** @throws IllegalArgumentException naming the valid range */
    public double requireValid(double value) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException("%s is %s, expected %s to %s %s".formatted(key(), value, least, most, unit.base()).strip());
        }
        return value;
    }
}
