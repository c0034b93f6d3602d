package dev.ondine.server.monitor;

import dev.ondine.api.ModelStats;
import dev.ondine.api.Ondine;
import dev.ondine.os.Kernel;
import dev.ondine.os.SchedulerStats;
import dev.ondine.os.StepRecord;
import dev.ondine.os.TaskState;
import dev.ondine.server.http.EndpointGroup;
import dev.ondine.server.http.RequestObserver;
import dev.ondine.server.http.RouteTable;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.IntSupplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * Counters and times for Prometheus: {@code /metrics}.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">the format</a>
 */
public final class Metrics implements EndpointGroup, RequestObserver {

    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final Duration[] STEP_BOUNDS = millis(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000);
    private static final Duration[] REQUEST_BOUNDS = millis(5, 20, 50, 200, 500, 1000, 5000, 20_000, 60_000);

    /** Others count as one, so that clients cannot make up labels without end. */
    private static final Set<String> METHODS = Set.of("GET", "POST", "DELETE", "HEAD", "OPTIONS", "PUT", "PATCH");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final BiConsumer<String, Throwable> failures;

    /** @param failures hears of what broke that should not: where, and the cause */
    public Metrics(BiConsumer<String, Throwable> failures) {
        this.failures = failures;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.get("/metrics", exchange -> exchange.send(200, TYPE, registry.scrape().getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void answered(String method, String route, int status, Duration time) {
        String known = METHODS.contains(method) ? method : "OTHER";
        registry.counter("ondine.http.requests", "method", known, "route", route, "status", Integer.toString(status)).increment();
        Timer.builder("ondine.http.request").tag("route", route).serviceLevelObjectives(REQUEST_BOUNDS).register(registry).record(time);
    }

    @Override
    public void broken(String where, Throwable cause) {
        registry.counter("ondine.http.failures").increment();
        failures.accept(where, cause);
    }

    /** Counts what a kernel does. Close the result to stop that. */
    public AutoCloseable watch(Ondine ondine) {
        Kernel kernel = ondine.kernel();
        for (TaskState state : TaskState.values()) {
            if (state != TaskState.DONE) {
                Gauge.builder("ondine.tasks", kernel, each -> each.tasks().stream().filter(task -> task.state() == state).count())
                        .tag("state", state.name().toLowerCase(Locale.ROOT)).description("Tasks that have not ended").register(registry);
            }
        }
        count("ondine.tasks.ended", kernel, SchedulerStats::done);
        count("ondine.tasks.refused", kernel, SchedulerStats::refused);
        count("ondine.preemptions", kernel, SchedulerStats::preemptions);
        count("ondine.deadlines", kernel, SchedulerStats::kept, "outcome", "kept");
        count("ondine.deadlines", kernel, SchedulerStats::missed, "outcome", "missed");
        wait(kernel, "0.5", SchedulerStats.Times::p50);
        wait(kernel, "0.99", SchedulerStats.Times::p99);
        wait(kernel, "1", SchedulerStats.Times::max);
        Gauge.builder("ondine.weights.bytes", ondine, each -> each.stats().models().stream().mapToLong(ModelStats::weightBytes).sum())
                .register(registry);
        Gauge.builder("ondine.kv.used.bytes", ondine, each -> each.stats().models().stream().mapToLong(ModelStats::kvUsedBytes).sum())
                .register(registry);
        return kernel.watch(this::step);
    }

    private void count(String name, Kernel kernel, ToLongFunction<SchedulerStats> number, String... tags) {
        FunctionCounter.builder(name, kernel, each -> number.applyAsLong(each.stats())).tags(tags).register(registry);
    }

    private void wait(Kernel kernel, String quantile, ToDoubleFunction<SchedulerStats.Times> time) {
        Gauge.builder("ondine.interrupt.wait.seconds", kernel, each -> time.applyAsDouble(each.stats().interruptLatency()))
                .tag("quantile", quantile).register(registry);
    }

    /** Shows a number of the server. */
    public void gauge(String name, IntSupplier value) {
        Gauge.builder(name, value, IntSupplier::getAsInt).strongReference(true).register(registry);
    }

    private void step(StepRecord step) {
        Timer.builder("ondine.step").tag("model", step.model()).serviceLevelObjectives(STEP_BOUNDS).register(registry)
                .record((long) (step.seconds() * 1e9), TimeUnit.NANOSECONDS);
        registry.counter("ondine.step.predicted.seconds", "model", step.model()).increment(step.predictedSeconds());
        registry.counter("ondine.prompt.tokens", "model", step.model()).increment(step.prefillTokens());
        registry.counter("ondine.decoded.tokens", "model", step.model()).increment(step.decodeRows());
    }

    private static Duration[] millis(long... values) {
        return Arrays.stream(values).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }
}
