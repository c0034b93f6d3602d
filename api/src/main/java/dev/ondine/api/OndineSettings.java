package dev.ondine.api;

import dev.ondine.api.start.KernelChoice;
import dev.ondine.kernels.panel.PackingListener;
import dev.ondine.kernels.panel.WeightCache;
import dev.ondine.os.SchedulerSettings;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;
import dev.ondine.tensor.NumberFormat;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How an {@link Ondine} runs its models.
 *
 * @param threads   that compute
 * @param kernels   which kernels
 * @param kvFormat  of keys and values; empty for what suits the weights
 * @param context   most tokens of prompt and answer; empty for what a model was trained for
 * @param sequences tasks of a model that can be in the cache at once with a whole context each
 * @param scheduler limits of the scheduler
 * @param device    this machine, calibrated or guessed: what steps cost until they are measured
 * @param cache     of packed weights; empty for none
 * @param listener  hears of choices made for the user, and how loading goes
 */
public record OndineSettings(int threads, KernelChoice kernels, Optional<NumberFormat> kvFormat, OptionalInt context, int sequences,
                             SchedulerSettings scheduler, Device device, Optional<WeightCache> cache, PackingListener listener) {

    private static final double GUESSED_BYTES_PER_SECOND = 20e9;
    private static final double GUESSED_OPERATIONS_PER_SECOND = 4e11;

    /** What suits most: all processors, the fastest kernels, eight whole contexts. */
    public static OndineSettings standard() {
        Device guessed = Device.imaginary().with(Spec.MEMORY_BANDWIDTH, GUESSED_BYTES_PER_SECOND)
                .with(Spec.INT8_PEAK, GUESSED_OPERATIONS_PER_SECOND).with(Spec.FP16_PEAK, GUESSED_OPERATIONS_PER_SECOND / 4);
        return new OndineSettings(Runtime.getRuntime().availableProcessors(), KernelChoice.AUTO, Optional.empty(), OptionalInt.empty(), 8,
                SchedulerSettings.STANDARD, guessed, Optional.empty(), PackingListener.NONE);
    }
}
