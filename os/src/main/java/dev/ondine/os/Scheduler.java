package dev.ondine.os;

import dev.ondine.engine.FinishReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What shares models between tasks, step by step. It sees tasks, runners, a clock and what steps cost, and neither tokens nor text:
 * the same scheduler runs the engine in real time and a simulated device on a virtual clock. One thread uses it.
 */
public final class Scheduler {

    private static final Comparator<Task> BY_PLACE =
            Comparator.<Task>comparingInt(task -> task.standing.rank).thenComparingDouble(task -> task.standing.order).thenComparingLong(Task::id);

    private final SchedulingPolicy policy;
    private final MonotonicClock clock;
    private final SchedulerSettings settings;
    private final Consumer<StepRecord> watcher;
    private final LinkedHashMap<Long, Task> tasks = new LinkedHashMap<>();
    private final RunnerCosts costs = new RunnerCosts();
    private final Lineage lineage = new Lineage();
    private final ServiceAccounts accounts;
    private final CacheRoom cache;
    private final Promises promises;
    private final StepComposer composer;
    private final StatsCounter counter = new StatsCounter();
    private long steps;

    /** @param watcher told of every step */
    public Scheduler(SchedulingPolicy policy, MonotonicClock clock, SchedulerSettings settings, Consumer<StepRecord> watcher) {
        this.policy = policy;
        this.clock = clock;
        this.settings = settings;
        this.watcher = watcher;
        accounts = new ServiceAccounts(settings);
        cache = new CacheRoom(settings, tasks.values());
        promises = new Promises(settings, policy, costs, accounts::expectedTokens);
        composer = new StepComposer(policy, settings.boundSeconds(), cache, costs);
    }

    /** Tasks that have not ended, in the order they came. */
    public List<Task> tasks() {
        return List.copyOf(tasks.values());
    }

    public SchedulerStats stats() {
        return counter.stats(policy.name(), cache);
    }

    /** @throws RefusedException if the queue is full or the deadline cannot be met */
    public void submit(Task task) {
        if (tasks.size() >= settings.mostQueued()) {
            counter.refused();
            throw new RefusedException(RefusedException.Reason.QUEUE, "%d tasks wait already; come again later".formatted(tasks.size()),
                    Optional.of(Duration.ofSeconds(1)));
        }
        if (task.standing.hasPromise() && policy.keepsPromises()) {
            rank();
        }
        task.standing.cameUrgent = isMoreUrgentThanAllThatRun(task);
        tasks.put(task.id(), task);
        lineage.add(task, tasks);
        accounts.enter(task);
        try {
            promise(task);
        } catch (RefusedException e) {
            counter.refused();
            tasks.remove(task.id());
            lineage.remove(task);
            throw e;
        }
        counter.accepted(task);
    }

    private void promise(Task task) {
        if (task.standing.hasPromise() && policy.keepsPromises()) {
            lineage.lend(tasks.sequencedValues().reversed());
            for (Task each : tasks.values()) {
                place(each);
            }
            promises.require(task, tasks.values(), clock.nanos());
        }
    }

    private boolean isMoreUrgentThanAllThatRun(Task task) {
        boolean runs = false;
        for (Task other : tasks.values()) {
            if (other.state == TaskState.RUNNING) {
                runs = true;
                if (other.priority().compareTo(task.priority()) <= 0) {
                    return false;
                }
            }
        }
        return runs;
    }

    /** Ends a task before its time. */
    public void cancel(Task task) {
        end(task, FinishReason.CANCELLED);
    }

    /** Keeps a task from taking part in steps until it is resumed; it keeps its place, and its deadlines stand still. */
    public void pause(Task task) {
        if (!task.isPaused) {
            task.isPaused = true;
            task.standing.stop(clock.nanos());
        }
    }

    public void resume(Task task) {
        if (task.isPaused) {
            task.isPaused = false;
            task.standing.goOn(clock.nanos());
        }
    }

    public void reprioritise(Task task, PriorityClass priority) {
        task.terms = task.terms.with(priority);
        accounts.enter(task);
    }

    /** A task waits for a tool. */
    void block(Task task) {
        task.state = TaskState.BLOCKED;
        task.standing.stop(clock.nanos());
    }

    /** The tool that a task waits for has answered. @param moreTokens that the runner appended to what it knows of the task */
    public void unblock(Task task, int moreTokens) {
        task.length += moreTokens;
        task.promptTokens += moreTokens;
        task.state = TaskState.PARKED;
        task.standing.goOn(clock.nanos());
        accounts.enter(task);
    }

    /** Composes and runs one step. @return false if no task can take part in one now */
    public boolean step() {
        while (true) {
            List<Task> ready = rank();
            if (ready.isEmpty()) {
                return false;
            }
            StepPlan plan = composer.compose(accounts.turn(ready), ready, steps);
            if (plan.shares().isEmpty()) {
                plan = alone(ready.getFirst());
            }
            if (plan != null) {
                run(plan);
                return true;
            }
        }
    }

    /** A step of the most urgent task by itself, all others being parked; null if there is not even room for that, and it has ended. */
    private StepPlan alone(Task task) {
        if (cache.clear(task)) {
            StepPlan plan = composer.compose(task.runner(), List.of(task), steps);
            if (!plan.shares().isEmpty()) {
                return plan;
            }
        }
        task.runner().stop(task, FinishReason.FAILED, ("there is no room in the cache for %d tokens, even without other tasks; "
                + "give the model more memory or the task fewer tokens").formatted(task.length));
        end(task, FinishReason.FAILED);
        return null;
    }

    /** Tasks that can run, the one to go first first. */
    private List<Task> rank() {
        long nowNanos = clock.nanos();
        lineage.lend(tasks.sequencedValues().reversed());
        promises.judge(tasks.values(), nowNanos);
        List<Task> ready = new ArrayList<>(tasks.size());
        for (Task task : tasks.values()) {
            if (!task.isPaused && task.state != TaskState.BLOCKED && task.standing.waitsFor == 0) {
                ready.add(task);
            }
        }
        accounts.giveTurns(ready, nowNanos);
        for (Task task : ready) {
            place(task);
        }
        ready.sort(BY_PLACE);
        return ready;
    }

    private void place(Task task) {
        Standing standing = task.standing;
        if (standing.dueNanos == Standing.NEVER) {
            standing.remainingSeconds = accounts.remainingSeconds(task, costs.of(task.runner()));
        }
        standing.rank = policy.rank(task);
        standing.order = policy.order(task);
    }

    private void run(StepPlan plan) {
        long startNanos = clock.nanos();
        CorrectedCosts speed = costs.of(plan.runner());
        double predicted = plan.seconds(speed);
        for (StepPlan.Share share : plan.shares()) {
            if (share.task().startedNanos == Task.NOT_YET) {
                share.task().startedNanos = startNanos;
                counter.started(share.task());
            }
        }
        List<StepRecord.Part> parts = parts(plan);
        Outcome outcome = new Outcome(plan, startNanos);
        plan.runner().run(plan, outcome);
        outcome.account();
        double seconds = outcome.seconds;
        speed.learn(plan, seconds);
        counter.step(plan, seconds, predicted);
        for (StepPlan.Share share : plan.shares()) {
            endAtBudget(share.task());
        }
        watcher.accept(new StepRecord(steps++, plan.runner().name(), startNanos, seconds, predicted, plan.seconds(),
                plan.decodeRows(), plan.prefillTokens(), parts));
    }

    private static List<StepRecord.Part> parts(StepPlan plan) {
        List<StepRecord.Part> parts = new ArrayList<>(plan.shares().size());
        for (StepPlan.Share share : plan.shares()) {
            parts.add(new StepRecord.Part(share.task().id(), share.task().priority(), share.tokens(), share.task().pending() > 1));
        }
        return parts;
    }

    private void endAtBudget(Task task) {
        Budget budget = task.terms.budget();
        if (task.state != TaskState.DONE && (task.computedTokens >= budget.tokens()
                || task.computeSeconds * 1e9 >= budget.compute().toNanos() || task.joules >= budget.joules())) {
            task.runner().stop(task, FinishReason.BUDGET, "");
            end(task, FinishReason.BUDGET);
        }
    }

    /** @param reason null where the runner knows it */
    private void end(Task task, FinishReason reason) {
        if (tasks.remove(task.id()) != null) {
            task.state = TaskState.DONE;
            task.doneNanos = clock.nanos();
            lineage.remove(task);
            cache.leave(task);
            accounts.leave(task);
            counter.ended(task, reason);
            task.runner().release(task);
        }
    }

    private final class Outcome implements StepOutcome {

        private final StepPlan plan;
        private final long startNanos;
        private double seconds = -1;

        Outcome(StepPlan plan, long startNanos) {
            this.plan = plan;
            this.startNanos = startNanos;
        }

        /** Once the step has been run, and before anybody hears of it. */
        private void account() {
            if (seconds < 0) {
                seconds = (clock.nanos() - startNanos) * 1e-9;
                accounts.book(plan, seconds, clock.nanos(), costs.of(plan.runner()));
            }
        }

        @Override
        public void generated(Task task) {
            account();
            if (task.firstTokenNanos == Task.NOT_YET) {
                task.firstTokenNanos = clock.nanos();
                counter.firstToken(task);
            }
            task.length++;
            if (task.generated() >= task.standing.wanted() && task.standing.reachedNanos == Task.NOT_YET) {
                task.standing.reachedNanos = clock.nanos();
            }
        }

        @Override
        public void ended(Task task) {
            generated(task);
            end(task, null);
        }

        @Override
        public void over(Task task) {
            account();
            end(task, null);
        }

        @Override
        public void blocked(Task task) {
            generated(task);
            block(task);
        }
    }
}
