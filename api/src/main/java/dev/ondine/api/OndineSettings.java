package dev.ondine.api;

import dev.ondine.api.start.KernelChoice;
import dev.ondine.kernels.panel.PackingListener;
import dev.ondine.kernels.panel.WeightCache;
import dev.ondine.os.KernelSettings;
import dev.ondine.os.SchedulerSettings;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;
import dev.ondine.tensor.NumberFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How an {@link Ondine} runs its models.
 *
 * @param threads     that compute
 * @param kernels     which kernels
 * @param kvFormat    of keys and values; empty for what suits the weights
 * @param context     most tokens of prompt and answer; empty for what a model was trained for
 * @param kvBytes     of a model's cache of keys and values; empty for up to eight whole contexts, as far as memory is free
 * @param memoryBytes of all models together, weights and caches; a model that is not in use makes room for another; empty for no limit
 * @param timeToLive  how long a model stays after its last use, unless its source says something else; empty for ever
 * @param scheduler   limits of the scheduler
 * @param kernel      quotas of apps, and how many tasks are remembered
 * @param device      this machine, calibrated or guessed: what steps cost until they are measured
 * @param cache       of packed weights; empty for none
 * @param state       the folder of durable tasks, which go on after the process was killed; empty for no such tasks
 * @param listener    hears of choices made for the user, and how loading goes
 */
public record OndineSettings(int threads, KernelChoice kernels, Optional<NumberFormat> kvFormat, OptionalInt context, OptionalLong kvBytes,
                             OptionalLong memoryBytes, Optional<Duration> timeToLive, SchedulerSettings scheduler,
                             KernelSettings kernel, Device device, Optional<WeightCache> cache, Optional<Path> state,
                             PackingListener listener) {

    private static final double GUESSED_BYTES_PER_SECOND = 20e9;
    private static final double GUESSED_OPERATIONS_PER_SECOND = 4e11;

    /** @throws IllegalArgumentException if a number is not above 0 */
    public OndineSettings {
        require(threads > 0, "threads", threads);
        context.ifPresent(tokens -> require(tokens > 0, "context", tokens));
        kvBytes.ifPresent(bytes -> require(bytes > 0, "KV memory", bytes));
        memoryBytes.ifPresent(bytes -> require(bytes > 0, "memory", bytes));
        timeToLive.ifPresent(time -> require(!time.isNegative(), "time to live", time.toSeconds()));
    }

    private static void require(boolean holds, String name, long found) {
        if (!holds) {
            throw new IllegalArgumentException("%s is %d, expected more than 0".formatted(name, found));
        }
    }

    /** What suits most: all processors, the fastest kernels, eight whole contexts. */
    public static OndineSettings standard() {
        Device guessed = Device.imaginary().with(Spec.MEMORY_BANDWIDTH, GUESSED_BYTES_PER_SECOND)
                .with(Spec.INT8_PEAK, GUESSED_OPERATIONS_PER_SECOND).with(Spec.FP16_PEAK, GUESSED_OPERATIONS_PER_SECOND / 4);
        return new OndineSettings(Runtime.getRuntime().availableProcessors(), KernelChoice.AUTO, Optional.empty(), OptionalInt.empty(),
                OptionalLong.empty(), OptionalLong.empty(), Optional.empty(), SchedulerSettings.STANDARD, KernelSettings.STANDARD,
                guessed, Optional.empty(), Optional.empty(), PackingListener.NONE);
    }

    public OndineSettings withThreads(int number) {
        return new OndineSettings(number, kernels, kvFormat, context, kvBytes, memoryBytes, timeToLive, scheduler, kernel, device, cache,
                state, listener);
    }

    public OndineSettings withKernels(KernelChoice choice) {
        return new OndineSettings(threads, choice, kvFormat, context, kvBytes, memoryBytes, timeToLive, scheduler, kernel, device, cache,
                state, listener);
    }

    /** @param format F16, F32 or Q8_0 */
    public OndineSettings withKvFormat(NumberFormat format) {
        return new OndineSettings(threads, kernels, Optional.of(format), context, kvBytes, memoryBytes, timeToLive, scheduler, kernel,
                device, cache, state, listener);
    }

    /** @param tokens most of prompt and answer */
    public OndineSettings withContext(int tokens) {
        return new OndineSettings(threads, kernels, kvFormat, OptionalInt.of(tokens), kvBytes, memoryBytes, timeToLive, scheduler, kernel,
                device, cache, state, listener);
    }

    /** @param bytes of a model's cache of keys and values */
    public OndineSettings withKvBytes(long bytes) {
        return new OndineSettings(threads, kernels, kvFormat, context, OptionalLong.of(bytes), memoryBytes, timeToLive, scheduler, kernel,
                device, cache, state, listener);
    }

    /** @param bytes of all models together */
    public OndineSettings withMemoryBytes(long bytes) {
        return new OndineSettings(threads, kernels, kvFormat, context, kvBytes, OptionalLong.of(bytes), timeToLive, scheduler, kernel,
                device, cache, state, listener);
    }

    /** @param time that a model stays after its last use; 0 to unload it at once */
    public OndineSettings withTimeToLive(Duration time) {
        return new OndineSettings(threads, kernels, kvFormat, context, kvBytes, memoryBytes, Optional.of(time), scheduler, kernel, device,
                cache, state, listener);
    }

    public OndineSettings withScheduler(SchedulerSettings limits) {
        return new OndineSettings(threads, kernels, kvFormat, context, kvBytes, memoryBytes, timeToLive, limits, kernel, device, cache,
                state, listener);
    }

    public OndineSettings withKernel(KernelSettings keeping) {
        return new OndineSettings(threads, kernels, kvFormat, context, kvBytes, memoryBytes, timeToLive, scheduler, keeping, device,
                cache, state, listener);
    }

    /** @param machine this one, as calibration measured it */
    public OndineSettings withDevice(Device machine) {
        return new OndineSettings(threads, kernels, kvFormat, context, kvBytes, memoryBytes, timeToLive, scheduler, kernel, machine,
                cache, state, listener);
    }

    /** @param packed where packed weights are kept for the next start */
    public OndineSettings withCache(WeightCache packed) {
        return new OndineSettings(threads, kernels, kvFormat, context, kvBytes, memoryBytes, timeToLive, scheduler, kernel, device,
                Optional.of(packed), state, listener);
    }

    /** @param folder of durable tasks */
    public OndineSettings withState(Path folder) {
        return new OndineSettings(threads, kernels, kvFormat, context, kvBytes, memoryBytes, timeToLive, scheduler, kernel, device, cache,
                Optional.of(folder), listener);
    }

    public OndineSettings withListener(PackingListener other) {
        return new OndineSettings(threads, kernels, kvFormat, context, kvBytes, memoryBytes, timeToLive, scheduler, kernel, device, cache,
                state, other);
    }
}
