package dev.ondine.os;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What shares models between tasks, step by step. It sees tasks, runners, a clock and what steps cost, and neither tokens nor text:
 * the same scheduler runs the engine in real time and a simulated device on a virtual clock. One thread uses it.
 */
public final class Scheduler {

    private final SchedulingPolicy policy;
    private final MonotonicClock clock;
    private final SchedulerSettings settings;
    private final Consumer<StepRecord> watcher;
    private final Map<Long, Task> tasks = new LinkedHashMap<>();
    private long steps;

    /** @param watcher told of every step */
    public Scheduler(SchedulingPolicy policy, MonotonicClock clock, SchedulerSettings settings, Consumer<StepRecord> watcher) {
        this.policy = policy;
        this.clock = clock;
        this.settings = settings;
        this.watcher = watcher;
    }

    /** Tasks that have not ended, in the order they came. */
    public List<Task> tasks() {
        return List.copyOf(tasks.values());
    }

    /** @throws RefusedException if the queue is full or the deadline cannot be met */
    public void submit(Task task) {
        if (tasks.size() >= settings.mostQueued()) {
            throw new RefusedException(RefusedException.Reason.QUEUE, "%d tasks wait already; come again later".formatted(tasks.size()),
                    Optional.of(Duration.ofSeconds(1)));
        }
        tasks.put(task.id(), task);
    }

    /** Ends a task before its time. */
    public void cancel(Task task) {
        end(task);
    }

    /** Keeps a task from taking part in steps until it is resumed; it keeps its place. */
    public void pause(Task task) {
        task.isPaused = true;
    }

    public void resume(Task task) {
        task.isPaused = false;
    }

    public void reprioritise(Task task, PriorityClass priority) {
        task.terms = task.terms.with(priority);
    }

    /** The tool that a task waits for has answered. @param moreTokens that the runner appended to what it knows of the task */
    public void unblock(Task task, int moreTokens) {
        task.length += moreTokens;
        task.promptTokens += moreTokens;
        task.state = TaskState.PARKED;
    }

    /** Composes and runs one step. @return false if no task can take part in one now */
    public boolean step() {
        List<Task> ready = ready();
        if (ready.isEmpty()) {
            return false;
        }
        policy.order(ready, clock.nanos());
        StepPlan plan = compose(ready);
        if (plan.shares().isEmpty()) {
            return false;
        }
        run(plan);
        return true;
    }

    private List<Task> ready() {
        List<Task> ready = new ArrayList<>();
        for (Task task : tasks.values()) {
            if (!task.isPaused && task.state != TaskState.BLOCKED) {
                ready.add(task);
            }
        }
        return ready;
    }

    private StepPlan compose(List<Task> ready) {
        StepRunner runner = ready.getFirst().runner();
        StepPlan plan = new StepPlan(runner);
        for (Task task : ready) {
            if (task.runner() == runner && takesPart(task)) {
                int room = Math.min(runner.mostRows() - plan.rows(), 64);
                int tokens = plan.fitting(task, Math.min(task.pending(), room));
                if (tokens > 0 && runner.reserve(task, tokens)) {
                    plan.add(task, tokens);
                }
            }
        }
        return plan;
    }

    private boolean takesPart(Task task) {
        if (task.state == TaskState.RUNNING) {
            return true;
        }
        int kept = task.runner().restore(task);
        if (kept < 0) {
            return false;
        }
        task.computed = kept;
        if (task.startedNanos == Task.NOT_YET) {
            task.startedNanos = clock.nanos();
            task.cachedPromptTokens = kept;
        }
        task.state = TaskState.RUNNING;
        return true;
    }

    private void run(StepPlan plan) {
        long startNanos = clock.nanos();
        double predicted = plan.seconds();
        plan.runner().run(plan, new Outcome());
        double seconds = (clock.nanos() - startNanos) * 1e-9;
        List<StepRecord.Part> parts = new ArrayList<>();
        for (StepPlan.Share share : plan.shares()) {
            Task task = share.task();
            task.computed += share.tokens();
            task.computedTokens += share.tokens();
            task.computeSeconds += seconds * share.tokens() / plan.rows();
            parts.add(new StepRecord.Part(task.id(), task.terms.priority(), share.tokens(), share.tokens() > 1));
        }
        watcher.accept(new StepRecord(steps++, plan.runner().name(), startNanos, seconds, predicted, plan.decodeRows(),
                plan.prefillTokens(), parts));
    }

    private void end(Task task) {
        if (tasks.remove(task.id()) != null) {
            task.state = TaskState.DONE;
            task.doneNanos = clock.nanos();
            task.runner().release(task);
        }
    }

    private final class Outcome implements StepOutcome {

        @Override
        public void generated(Task task) {
            if (task.generated() == 0) {
                task.firstTokenNanos = clock.nanos();
            }
            task.length++;
        }

        @Override
        public void ended(Task task) {
            generated(task);
            end(task);
        }

        @Override
        public void over(Task task) {
            end(task);
        }

        @Override
        public void blocked(Task task) {
            generated(task);
            task.state = TaskState.BLOCKED;
        }
    }
}
