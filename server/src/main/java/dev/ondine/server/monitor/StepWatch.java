package dev.ondine.server.monitor;

import dev.ondine.os.Kernel;
import dev.ondine.os.StepRecord;
import dev.ondine.server.json.JsonText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** The last steps of a kernel: for those who watch, and for rates. The kernel's thread writes them down and goes on. */
public final class StepWatch implements AutoCloseable {

    private static final int KEPT = 4_096;
    private static final int MOST_TASKS = 4_096;
    private static final int JUDGED_STEPS = 500;
    private static final double WINDOW_SECONDS = 5;

    private final Kernel kernel;
    private final AutoCloseable subscription;
    private final StepRecord[] ring = new StepRecord[KEPT];
    private long count;

    /** App of the tasks seen lately, the longest unseen first. */
    private final Map<Long, String> apps = new LinkedHashMap<>(16, 0.75f, true);
    /** Tasks that took part in a step lately and may have ended, the newest last. */
    private final Set<Long> seen = new LinkedHashSet<>();

    /**
     * Steps since a moment.
     *
     * @param next where to go on
     * @param lost how many were overwritten before they were read
     */
    record Batch(List<StepRecord> steps, long next, long lost) {
    }

    /** Watches from now on. */
    public StepWatch(Kernel kernel) {
        this.kernel = kernel;
        this.subscription = kernel.watch(this::write);
    }

    @Override
    public void close() {
        try {
            subscription.close();
        } catch (Exception e) {
            throw new IllegalStateException("the watch of steps cannot be taken off", e);
        }
    }

    private synchronized void write(StepRecord step) {
        ring[(int) (count++ % KEPT)] = step;
        for (StepRecord.Part part : step.parts()) {
            if (apps.get(part.task()) == null) {
                meet(part.task());
            }
        }
    }

    /** The first step of a task: this is the kernel's thread, so its tasks are as they were for this step. */
    private void meet(long id) {
        apps.put(id, kernel.task(id).map(view -> view.terms().app()).orElse(""));
        if (apps.size() > MOST_TASKS) {
            apps.remove(apps.keySet().iterator().next());
        }
        seen.add(id);
        if (seen.size() > MOST_TASKS) {
            seen.remove(seen.iterator().next());
        }
    }

    /** Tasks that were met lately, the newest first. */
    synchronized List<Long> met() {
        return new ArrayList<>(seen).reversed();
    }

    /** Where the newest step ends. */
    synchronized long position() {
        return count;
    }

    /** Steps from a position on. */
    synchronized Batch since(long position) {
        long oldest = Math.max(0, count - KEPT);
        long from = Math.max(position, oldest);
        return new Batch(records(from, count), count, from - position);
    }

    synchronized String app(long task) {
        return apps.getOrDefault(task, "");
    }

    /** What was done in the last seconds. */
    synchronized Map<String, Object> rates(long nowNanos) {
        List<StepRecord> recent = records(Math.max(0, count - KEPT), count).stream()
                .filter(step -> (nowNanos - step.startNanos()) / 1e9 < WINDOW_SECONDS).toList();
        double decoded = recent.stream().mapToLong(StepRecord::decodeRows).sum();
        double read = recent.stream().mapToLong(StepRecord::prefillTokens).sum();
        return JsonText.map("window_s", WINDOW_SECONDS, "decode_tokens_per_second", decoded / WINDOW_SECONDS,
                "prefill_tokens_per_second", read / WINDOW_SECONDS, "steps_per_second", recent.size() / WINDOW_SECONDS);
    }

    /** How far predictions were off; null before there was one. */
    synchronized Map<String, Object> errors() {
        double[] errors = records(Math.max(0, count - Math.min(JUDGED_STEPS, KEPT)), count).stream()
                .filter(step -> step.seconds() > 0 && Double.isFinite(step.predictedSeconds()))
                .mapToDouble(step -> (step.predictedSeconds() - step.seconds()) / step.seconds()).toArray();
        if (errors.length == 0) {
            return null;
        }
        double[] sizes = Arrays.stream(errors).map(Math::abs).sorted().toArray();
        return JsonText.map("count", errors.length, "median", sizes[sizes.length / 2], "p90", sizes[(int) ((sizes.length - 1) * 0.9)],
                "bias", Arrays.stream(errors).average().orElseThrow());
    }

    private List<StepRecord> records(long from, long to) {
        List<StepRecord> records = new ArrayList<>();
        IntStream.range(0, (int) (to - from)).forEach(i -> records.add(ring[(int) ((from + i) % KEPT)]));
        return records;
    }
}
