package dev.ondine.os;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * Deadlines that were promised: whether one more can be, which are in danger, and which are lost. A deadline is promised if it would
 * be met after all that goes before it by class and deadline, and if all promised ones together would be met, earliest first; both in
 * the share of the time that is not reserved. So a promise holds whatever comes later, interrupts beyond the reserve aside: once the
 * promises could not wait any longer, they go before other work of any class but interrupts.
 */
final class Promises {

    /** The step that runs, and the one that begins. */
    private static final int MARGIN_STEPS = 2;
    private static final int HALVINGS = 24;
    private static final double LONGEST_SECONDS = 1e7;

    private final SchedulerSettings settings;
    private final SchedulingPolicy policy;
    private final RunnerCosts costs;
    private final ToIntFunction<Task> expectedTokens;
    private final List<Task> promised = new ArrayList<>();

    /** @param expectedTokens of the whole answer of a task */
    Promises(SchedulerSettings settings, SchedulingPolicy policy, RunnerCosts costs, ToIntFunction<Task> expectedTokens) {
        this.settings = settings;
        this.policy = policy;
        this.costs = costs;
        this.expectedTokens = expectedTokens;
    }

    /** Says of every task anew whether its deadline is lost or in danger. */
    void judge(Collection<Task> tasks, long nowNanos) {
        collect(tasks, nowNanos);
        if (promised.isEmpty() || !policy.keepsPromises()) {
            return;
        }
        Forecast forecast = forecast(promised);
        long endangered = Long.MIN_VALUE;
        for (int i = 0; i < forecast.size(); i++) {
            Standing standing = forecast.task(i).standing;
            standing.isShort = !isMet(forecast, i, nowNanos);
            if (standing.isShort) {
                endangered = Math.max(endangered, standing.dueNanos);
            }
        }
        for (Task task : promised) {
            task.standing.isInDanger = task.standing.dueNanos <= endangered;
        }
    }

    private void collect(Collection<Task> tasks, long nowNanos) {
        promised.clear();
        for (Task task : tasks) {
            Standing standing = task.standing;
            standing.isInDanger = false;
            if (standing.stoppedNanos == Task.NOT_YET && standing.ownDueNanos() != Standing.NEVER && isLost(task, nowNanos)) {
                standing.isLate = true;
                standing.dueNanos = Standing.NEVER;
            }
            if (task.hasDeadline() && !task.isPaused) {
                promised.add(task);
            }
        }
        sort();
    }

    private void sort() {
        promised.sort(Comparator.<Task>comparingLong(task -> task.standing.dueNanos).thenComparingLong(Task::id));
    }

    /** Whether a deadline has passed, or passes even if nothing else runs. */
    private boolean isLost(Task task, long nowNanos) {
        Standing standing = task.standing;
        if (nowNanos > standing.ownDueNanos()) {
            return true;
        }
        if (!policy.keepsPromises() || standing.waitsFor > 0) {
            return false;
        }
        double first = task.firstTokenNanos == Task.NOT_YET ? secondsTo(standing.firstDueNanos, nowNanos) : Double.POSITIVE_INFINITY;
        CorrectedCosts speed = costs.of(task.runner());
        double read = task.pending() > 1 ? speed.readSeconds(task.pending(), task.computed(), settings.boundSeconds()) : 0;
        int tokens = wanted(task) - task.generated() - (task.pending() > 1 ? 1 : 0);
        double decode = standing.lastDueNanos == Standing.NEVER ? 0
                : Math.max(0, tokens) * speed.decodeSeconds(1, task.length + 0.5 * Math.max(0, tokens));
        return read > first || read + decode > secondsTo(standing.lastDueNanos, nowNanos);
    }

    /** Tokens that a completion deadline is for; what is expected where nobody set a limit. */
    private int wanted(Task task) {
        return task.standing.wanted() == Integer.MAX_VALUE ? expectedTokens.applyAsInt(task) : task.standing.wanted();
    }

    private static double secondsTo(long dueNanos, long nowNanos) {
        return dueNanos == Standing.NEVER ? Double.POSITIVE_INFINITY : (dueNanos - nowNanos) * 1e-9;
    }

    private Forecast forecast(List<Task> order) {
        Forecast forecast = new Forecast(settings.boundSeconds());
        int rank = order.getLast().standing.rank;
        for (Task task : order) {
            boolean isWhole = !task.hasDeadline() || task.standing.rank < rank;
            forecast.add(task, costs.of(task.runner()), isWhole ? expectedTokens.applyAsInt(task) : promisedTokens(task.standing, task));
        }
        return forecast.run();
    }

    private int promisedTokens(Standing standing, Task task) {
        if (standing.ownDueNanos() != standing.dueNanos) {
            return expectedTokens.applyAsInt(task);
        }
        return standing.lastDueNanos == Standing.NEVER ? 1 : wanted(task);
    }

    /** Whether a task would keep all deadlines that count for it. */
    private boolean isMet(Forecast forecast, int index, long nowNanos) {
        Task task = forecast.task(index);
        Standing standing = task.standing;
        double room = task.priority() == PriorityClass.INTERRUPT ? 1 : 1 - settings.reserve();
        double margin = MARGIN_STEPS * settings.boundSeconds();
        double first = forecast.firstTokenSeconds(index) / room + margin;
        double last = forecast.completionSeconds(index) / room + margin;
        if (task.firstTokenNanos == Task.NOT_YET && !standing.isLate && first > secondsTo(standing.firstDueNanos, nowNanos)) {
            return false;
        }
        boolean isLent = standing.ownDueNanos() != standing.dueNanos;
        return last <= secondsTo(standing.isLate || standing.reachedNanos != Task.NOT_YET ? Standing.NEVER : standing.lastDueNanos, nowNanos)
                && (!isLent || last <= secondsTo(standing.dueNanos, nowNanos));
    }

    /**
     * Checks the deadline of a task that is among the tasks already; they were judged before it came, and are ranked now.
     *
     * @throws RefusedException if it cannot be promised
     */
    void require(Task task, Collection<Task> all, long nowNanos) {
        if (!task.standing.hasPromise() || !policy.keepsPromises()) {
            return;
        }
        collect(all, nowNanos);
        if (!task.standing.isLate && isKept(task, all, nowNanos)) {
            return;
        }
        if (!promised.contains(task)) {
            promised.add(task);
        }
        task.standing.isLate = false;
        Optional<Duration> earliest = earliest(task, all, nowNanos);
        throw new RefusedException(RefusedException.Reason.DEADLINE, "the deadline cannot be met%s".formatted(
                earliest.map(time -> "; the earliest that can be promised is %.2f s from now".formatted(time.toNanos() * 1e-9)).orElse("")), earliest);
    }

    private boolean isKept(Task task, Collection<Task> all, long nowNanos) {
        Forecast before = forecast(before(task, all));
        return isMet(before, before.size() - 1, nowNanos) && othersAreMet(task, nowNanos);
    }

    /** Those that come earlier and are short of time already do not count: it is not this one's doing. */
    private boolean othersAreMet(Task task, long nowNanos) {
        Forecast forecast = forecast(promised);
        for (int i = 0; i < forecast.size(); i++) {
            Standing standing = forecast.task(i).standing;
            boolean wasShort = standing.isShort && standing.dueNanos <= task.standing.dueNanos;
            if (!wasShort && !isMet(forecast, i, nowNanos)) {
                return false;
            }
        }
        return true;
    }

    /** What goes before a task by class and deadline, and the task. */
    private List<Task> before(Task task, Collection<Task> all) {
        List<Task> before = new ArrayList<>();
        for (Task other : all) {
            Standing standing = other.standing;
            if (other != task && (standing.rank < task.standing.rank
                    || standing.rank == task.standing.rank && other.hasDeadline() && standing.dueNanos <= task.standing.dueNanos)) {
                before.add(other);
            }
        }
        before.add(task);
        return before;
    }

    /** The deadline for all that it wants that could be promised, by halving. */
    private Optional<Duration> earliest(Task task, Collection<Task> all, long nowNanos) {
        double low = 0;
        double high = LONGEST_SECONDS;
        if (!couldBe(task, all, nowNanos, high)) {
            return Optional.empty();
        }
        for (int i = 0; i < HALVINGS; i++) {
            double middle = low == 0 ? Math.sqrt(1e-3 * high) : 0.5 * (low + high);
            if (couldBe(task, all, nowNanos, middle)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return Optional.of(Duration.ofNanos((long) Math.ceil(high * 1e9)));
    }

    /** Whether it would be kept if it were not before this moment. */
    private boolean couldBe(Task task, Collection<Task> all, long nowNanos, double seconds) {
        Standing standing = task.standing;
        long first = standing.firstDueNanos;
        long last = standing.lastDueNanos;
        standing.notBefore(nowNanos + (long) (seconds * 1e9));
        try {
            sort();
            return isKept(task, all, nowNanos);
        } finally {
            standing.due(first, last);
        }
    }
}
