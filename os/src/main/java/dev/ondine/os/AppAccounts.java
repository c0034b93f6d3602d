package dev.ondine.os;

import dev.ondine.os.RefusedException.Reason;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What apps have used of their quotas. One thread uses it at a time. */
final class AppAccounts {

    /** Until an app that has too many tasks may try again: an answer takes about that long. */
    private static final Duration A_WHILE = Duration.ofSeconds(1);

    private final KernelSettings settings;
    private final MonotonicClock clock;
    private final Map<String, Account> accounts = new HashMap<>();

    AppAccounts(KernelSettings settings, MonotonicClock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    private final class Account {

        private final AppQuota quota;
        private final Allowance tokens;
        private final Allowance seconds;
        private final Map<Task, Charge> open = new HashMap<>();

        Account(AppQuota quota) {
            this.quota = quota;
            this.tokens = new Allowance(quota.tokensPerMinute(), clock.nanos());
            this.seconds = new Allowance(quota.computePerMinute().toNanos() * 1e-9, clock.nanos());
        }

        void settle() {
            open.replaceAll(this::settle);
        }

        /** Takes off what a task has used since it was last asked. */
        private Charge settle(Task task, Charge before) {
            Charge now = new Charge(Math.max(before.tokens, task.length), Math.max(before.seconds, task.computeSeconds));
            tokens.take(now.tokens - before.tokens);
            seconds.take(now.seconds - before.seconds);
            return now;
        }

        boolean isIdle(long nanos) {
            return open.isEmpty() && tokens.isWhole(nanos) && seconds.isWhole(nanos);
        }
    }

    /** What a task has been charged for. */
    private record Charge(double tokens, double seconds) {
    }

    /** @throws RefusedException if the class is more urgent than the app's quota allows */
    void requireClass(String app, PriorityClass priority) {
        PriorityClass highest = settings.quota(app).highest();
        if (priority.compareTo(highest) < 0) {
            throw refusal("app \"%s\" may not ask for class %s, %s at most".formatted(app, priority, highest), Optional.empty());
        }
    }

    /**
     * Lets a task in, and charges its prompt.
     *
     * @param cacheShare of the cache of its model that the app's tasks hold
     * @throws RefusedException if the app has used up its quota
     */
    void open(Task task, double cacheShare) {
        String app = task.terms().app();
        requireClass(app, task.terms().priority());
        forgetIdle();
        Account account = accounts.computeIfAbsent(app, name -> new Account(settings.quota(name)));
        account.settle();
        if (account.open.size() >= account.quota.mostTasks()) {
            throw refusal("app \"%s\" has %d tasks, which is the most it may have; come again later".formatted(app, account.open.size()),
                    Optional.of(A_WHILE));
        }
        if (cacheShare > account.quota.cacheShare()) {
            throw refusal("tasks of app \"%s\" hold %.0f %% of the cache, it may have %.0f %%; come again later"
                    .formatted(app, 100 * cacheShare, 100 * account.quota.cacheShare()), Optional.of(A_WHILE));
        }
        require(app, "tokens", account.tokens, task.promptTokens());
        require(app, "seconds of compute", account.seconds, 0);
        readmit(task);
    }

    /** Lets a task in that was let in before, by a process that has ended. */
    void readmit(Task task) {
        Account account = accounts.computeIfAbsent(task.terms().app(), name -> new Account(settings.quota(name)));
        account.open.put(task, new Charge(task.length, 0));
        account.tokens.take(task.promptTokens());
    }

    private void require(String app, String what, Allowance allowance, double amount) {
        Duration wait = allowance.untilHas(amount, clock.nanos());
        if (wait.isPositive()) {
            throw refusal("app \"%s\" has used its %s of this minute; come again in %.1f s".formatted(app, what, wait.toNanos() * 1e-9),
                    Optional.of(wait));
        }
    }

    private static RefusedException refusal(String message, Optional<Duration> earliest) {
        return new RefusedException(Reason.QUOTA, message, earliest);
    }

    /** The task has ended. */
    void close(Task task) {
        Account account = accounts.get(task.terms().app());
        if (account != null) {
            account.settle();
            account.open.remove(task);
        }
    }

    /** An account that nothing is missing from is as good as none: names of apps come from outside and must not pile up. */
    private void forgetIdle() {
        long nanos = clock.nanos();
        accounts.values().removeIf(account -> account.isIdle(nanos));
    }
}
