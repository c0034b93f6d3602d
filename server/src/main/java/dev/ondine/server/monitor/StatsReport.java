package dev.ondine.server.monitor;

import dev.ondine.api.LocalModel;
import dev.ondine.api.ModelState;
import dev.ondine.api.ModelStats;
import dev.ondine.api.Ondine;
import dev.ondine.api.OndineStats;
import dev.ondine.os.SchedulerSettings;
import dev.ondine.os.TaskState;
import dev.ondine.os.TaskView;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;
import dev.ondine.server.json.JsonText;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Everything at this moment, as JSON. What cannot be known is null. */
public final class StatsReport {

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
        Map<String, Object> report = JsonText.map("now_ms", clock.now(), "version", version, "kernels", kernels(),
                "threads", ondine.settings().threads(),
                "scheduler", JsonText.map("step_bound_ms", boundMillis, "most_running", scheduler.mostRunning(), "most_queued", scheduler.mostQueued()),
                "models", ondine.models().stream().map(this::model).toList(),
                "tasks", stats.tasks().stream().map(tasks::of).toList());
        report.putAll(JsonText.map("memory", memory(stats), "rates", rates, "interrupts", watch.interrupts(boundMillis),
                "step_error", watch.errors(), "queue", queue(stats.tasks())));
        return report;
    }

    private String kernels() {
        return ondine.models().stream().filter(model -> model.state() == ModelState.READY).findFirst().map(LocalModel::kernels).orElse(null);
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

    private static Map<String, Object> memory(OndineStats stats) {
        long weights = stats.models().stream().mapToLong(ModelStats::weightBytes).sum();
        long used = stats.models().stream().mapToLong(ModelStats::kvUsedBytes).sum();
        long room = stats.models().stream().mapToLong(ModelStats::kvBytes).sum();
        return JsonText.map("budget_bytes", stats.memoryBytes().isPresent() ? (Long) stats.memoryBytes().getAsLong() : null,
                "weights_bytes", weights, "kv_bytes", used, "kv_room_bytes", room, "free_bytes", room - used);
    }

    private static Map<String, Object> queue(List<TaskView> tasks) {
        return JsonText.map("waiting", count(tasks, TaskState.WAITING), "running", count(tasks, TaskState.RUNNING),
                "parked", count(tasks, TaskState.PARKED), "blocked", count(tasks, TaskState.BLOCKED));
    }

    private static long count(List<TaskView> tasks, TaskState state) {
        return tasks.stream().filter(task -> task.state() == state).count();
    }
}
