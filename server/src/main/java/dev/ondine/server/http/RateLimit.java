package dev.ondine.server.http;

import dev.ondine.server.failure.ApiFailure;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/** Requests per minute of each caller: a caller who has been quiet may send as many at once, then they come back evenly. */
final class RateLimit {

    private static final int MOST_CALLERS = 10_000;

    private final int perMinute;
    private final LongSupplier nanoClock;
    private final ConcurrentMap<String, Allowance> allowances = new ConcurrentHashMap<>();

    private record Allowance(double requests, long nanos) {
    }

    /** @param perMinute 0 for no limit */
    RateLimit(int perMinute, LongSupplier nanoClock) {
        this.perMinute = perMinute;
        this.nanoClock = nanoClock;
    }

    /** Takes one request off a caller's allowance. @throws ApiFailure with 429 if there is none */
    void take(String caller) {
        if (perMinute == 0) {
            return;
        }
        long now = nanoClock.getAsLong();
        if (allowances.size() > MOST_CALLERS) {
            allowances.values().removeIf(allowance -> renewed(allowance, now) >= perMinute);
        }
        double left = allowances.compute(caller, (name, old) ->
                new Allowance(Math.max(-1, (old == null ? perMinute : renewed(old, now)) - 1), now)).requests;
        if (left < 0) {
            allowances.computeIfPresent(caller, (name, old) -> new Allowance(old.requests + 1, old.nanos));
            throw tooMany(left + 1);
        }
    }

    private double renewed(Allowance allowance, long now) {
        double minutes = (now - allowance.nanos) / (double) Duration.ofMinutes(1).toNanos();
        return Math.min(perMinute, allowance.requests + minutes * perMinute);
    }

    private ApiFailure tooMany(double left) {
        long seconds = Math.max(1, (long) Math.ceil((1 - left) * 60 / perMinute));
        return ApiFailure.of(429, "rate_limit_exceeded", "more than " + perMinute + " requests a minute; try again in " + seconds + " s")
                .withHeader("Retry-After", Long.toString(seconds));
    }
}
