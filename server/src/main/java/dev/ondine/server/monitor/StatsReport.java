package dev.ondine.server.monitor;

import dev.ondine.api.LocalModel;
import dev.ondine.api.ModelState;
import dev.ondine.api.ModelStats;
import dev.ondine.api.Ondine;
import dev.ondine.api.OndineStats;
import dev.ondine.os.Kernel;
import dev.ondine.os.SchedulerSettings;
import dev.ondine.os.SchedulerStats;
import dev.ondine.os.TaskState;
import dev.ondine.os.TaskView;
import dev.ondine.os.memory.MemorySnapshot;
import dev.ondine.os.memory.MemorySnapshot.CacheForm;
import dev.ondine.os.memory.MemorySnapshot.TaskBytes;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;
import dev.ondine.server.json.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Everything at this moment, as JSON. What cannot be known is null. */
public final class StatsReport {

    private static final int MOST_ENDED = 16;
    private static final int MOST_LOOKED_AT = 64;

    private final Ondine ondine;
    private final StepWatch watch;
    private final ServerClock clock;
    private final String version;
    private final TaskReport tasks;

    /** @param version of the program */
    public StatsReport(Ondine ondine, StepWatch watch, ServerClock clock, String version) {
        this.ondine = ondine;
        this.watch = watch;
        this.clock = clock;
        this.version = version;
        this.tasks = new TaskReport(clock);
    }

    Map<String, Object> now() {
        OndineStats stats = ondine.stats();
        SchedulerSettings scheduler = ondine.settings().scheduler();
        double boundMillis = scheduler.stepBound().toNanos() / 1e6;
        Double roof = ondine.models().stream().findFirst().map(this::roof).orElse(null);
        Map<String, Object> rates = watch.rates(System.nanoTime());
        rates.put("roof_tokens_per_second", roof);
        SchedulerStats done = ondine.kernel().stats();
        Map<String, Object> report = JsonText.map("now_ms", clock.now(), "version", version, "kernels", kernels(),
                "threads", ondine.settings().threads(),
                "scheduler", JsonText.map("policy", done.policy(), "step_bound_ms", boundMillis, "most_running", scheduler.mostRunning(),
                        "most_queued", scheduler.mostQueued()),
                "models", ondine.models().stream().map(this::model).toList(),
                "tasks", stats.tasks().stream().map(task -> tasks.of(task, cache(stats, task), Optional.empty())).toList(),
                "ended", ended());
        report.putAll(JsonText.map("memory", memory(stats), "rates", rates, "interrupts", interrupts(done, boundMillis),
                "step_error", watch.errors(), "queue", queue(stats.tasks(), done)));
        return report;
    }

    private String kernels() {
        return ondine.models().stream().filter(model -> model.state() == ModelState.READY).findFirst().map(LocalModel::kernels)
                .orElse(null);
    }

    private Map<String, Object> model(LocalModel model) {
        ModelStats stats = model.stats();
        boolean isLoaded = stats.state() == ModelState.READY;
        return JsonText.map("id", model.name(), "state", stats.state().name().toLowerCase(Locale.ROOT),
                "context_length", isLoaded ? model.contextLength() : model.details().contextLength(),
                "weights_bytes", isLoaded ? (Long) stats.weightBytes() : null, "roof_tokens_per_second", roof(model));
    }

    /** Only a machine that was measured has a roof. */
    private Double roof(LocalModel model) {
        Device device = ondine.settings().device();
        long weights = model.stats().weightBytes();
        return device.kernels().isEmpty() || weights == 0 || !device.knows(Spec.MEMORY_BANDWIDTH)
                ? null : Double.valueOf(device.required(Spec.MEMORY_BANDWIDTH) / weights);
    }

    private static Optional<TaskBytes> cache(OndineStats stats, TaskView task) {
        return stats.models().stream().filter(model -> model.name().equals(task.model())).flatMap(model -> model.caches().stream())
                .flatMap(caches -> caches.tasks().stream()).filter(bytes -> bytes.task() == task.id()).findAny();
    }

    private List<Map<String, Object>> ended() {
        Kernel kernel = ondine.kernel();
        return watch.met().stream().limit(MOST_LOOKED_AT).flatMap(id -> kernel.result(id).stream()).limit(MOST_ENDED)
                .flatMap(result -> kernel.task(result.id()).stream().map(task -> tasks.of(task, Optional.empty(), Optional.of(result))))
                        .toList();
    }

    private Map<String, Object> memory(OndineStats stats) {
        List<MemorySnapshot> caches = stats.models().stream().flatMap(model -> model.caches().stream()).toList();
        List<Map<String, Object>> byTask = new ArrayList<>();
        caches.stream().flatMap(cache -> cache.tasks().stream()).filter(bytes -> bytes.form() != CacheForm.SWAPPED && bytes.bytes() > 0)
                .forEach(bytes -> byTask.add(JsonText.map("task", bytes.task(), "app", watch.app(bytes.task()), "bytes", bytes.bytes())));
        return JsonText.map("budget_bytes", stats.memoryBytes().isPresent() ? (Long) stats.memoryBytes().getAsLong() : null,
                "weights_bytes", stats.models().stream().mapToLong(ModelStats::weightBytes).sum(),
                "kv_bytes", byTask.stream().mapToLong(task -> (Long) task.get("bytes")).sum(),
                "kv_room_bytes", caches.stream().mapToLong(MemorySnapshot::capacityBytes).sum(),
                "prefix_bytes", caches.stream().mapToLong(MemorySnapshot::prefixBytes).sum(),
                "swapped_bytes", caches.stream().mapToLong(MemorySnapshot::swappedBytes).sum(),
                "free_bytes", caches.stream().mapToLong(MemorySnapshot::freeBytes).sum(), "kv_by_task", byTask);
    }

    private static Map<String, Object> interrupts(SchedulerStats done, double boundMillis) {
        SchedulerStats.Times waits = done.interruptLatency();
        return waits.count() == 0 ? null : JsonText.map("count", waits.count(), "p50_ms", waits.p50() * 1e3, "p99_ms", waits.p99() * 1e3,
                "max_ms", waits.max() * 1e3, "bound_ms", boundMillis);
    }

    private static Map<String, Object> queue(List<TaskView> tasks, SchedulerStats done) {
        return JsonText.map("waiting", count(tasks, TaskState.WAITING), "running", count(tasks, TaskState.RUNNING),
                "parked", count(tasks, TaskState.PARKED), "blocked", count(tasks, TaskState.BLOCKED), "refused", done.refused(),
                "deadlines_kept", done.kept(), "deadlines_missed", done.missed(), "preemptions", done.preemptions());
    }

    private static long count(List<TaskView> tasks, TaskState state) {
        return tasks.stream().filter(task -> task.state() == state).count();
    }
}
