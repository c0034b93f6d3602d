package dev.ondine.server.monitor;

import dev.ondine.os.StepRecord;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.http.EndpointGroup;
import dev.ondine.server.http.EventStream;
import dev.ondine.server.http.Exchange;
import dev.ondine.server.http.RouteTable;
import dev.ondine.server.json.JsonText;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code /v1/stats}, everything once, and {@code /v1/monitor}, a stream of steps and statistics. For keys that speak for all apps. */
public final class MonitorEndpoints implements EndpointGroup {

    private static final Duration STEPS_PERIOD = Duration.ofMillis(40);
    private static final Duration STATS_PERIOD = Duration.ofSeconds(1);

    private final StepWatch watch;
    private final StatsReport stats;
    private final ServerClock clock;

    /** What a watch sees. */
    public MonitorEndpoints(StepWatch watch, StatsReport stats, ServerClock clock) {
        this.watch = watch;
        this.stats = stats;
        this.clock = clock;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.get("/v1/stats", exchange -> {
            requireAllApps(exchange);
            exchange.send(stats.now());
        }).get("/v1/monitor", this::stream);
    }

    private void stream(Exchange exchange) {
        requireAllApps(exchange);
        var gone = new CountDownLatch(1);
        exchange.whenGone(gone::countDown);
        EventStream events = exchange.events();
        long position = watch.position();
        long nextStats = System.nanoTime();
        try {
            do {
                if (System.nanoTime() >= nextStats) {
                    events.send("stats", stats.now());
                    nextStats += STATS_PERIOD.toNanos();
                }
                StepWatch.Batch batch = watch.since(position);
                position = batch.next();
                if (!batch.steps().isEmpty()) {
                    events.send("steps", JsonText.map("lost", batch.lost(), "steps", batch.steps().stream().map(this::step).toList()));
                }
            } while (!exchange.isClosing() && !gone.await(STEPS_PERIOD.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<String, Object> step(StepRecord step) {
        return JsonText.map("number", step.number(), "model", step.model(), "start_ms", clock.millis(step.startNanos()),
                "ms", step.seconds() * 1e3,
                "predicted_ms", Double.isFinite(step.predictedSeconds()) ? (Double) (step.predictedSeconds() * 1e3) : null,
                "decode_rows", step.decodeRows(), "prefill_tokens", step.prefillTokens(),
                "parts", step.parts().stream().map(this::part).toList());
    }

    private Map<String, Object> part(StepRecord.Part part) {
        return JsonText.map("task", part.task(), "app", watch.app(part.task()), "class", TaskReport.word(part.priority()),
                "tokens", part.tokens(), "kind", part.isPrefill() ? "prefill" : "decode");
    }

    private static void requireAllApps(Exchange exchange) {
        if (exchange.caller().app().isPresent()) {
            throw ApiFailure.of(403, "app_not_allowed", "this API key is for app " + exchange.caller().app().get() + " alone");
        }
    }
}
