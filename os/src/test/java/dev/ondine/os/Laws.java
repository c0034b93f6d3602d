package dev.ondine.os;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.engine.FinishReason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What must hold of every step and every run under {@link UrgencyPolicy}, stated without the code that makes it so. */
final class Laws implements TraceRun.Judge {

    private static final double SLACK = 1e-6;

    @Override
    public void look(TraceRun run, StepPlan plan) {
        Set<Task> served = plan.shares().stream().map(StepPlan.Share::task).collect(Collectors.toSet());
        List<Task> ready = run.scheduler.tasks().stream().filter(task -> !task.isPaused && task.state != TaskState.BLOCKED
                && task.terms().after().stream().noneMatch(id -> isOpen(run, id))).toList();
        assertThat(ready).as("only tasks that can run, and that wait for nobody").containsAll(served);
        classesAreLent(run);
        nothingWaitedInVain(run, ready);
        spentTasksGiveWayToInterruptsOrToTheOnlyOne(run, plan);
        if (run.trace.isRoomy()) {
            noInversion(run, plan, served, ready);
        }
    }

    private static boolean isOpen(TraceRun run, long id) {
        return run.tasks.containsKey(id) && !run.ended.containsKey(id);
    }

    private static void classesAreLent(TraceRun run) {
        Map<Long, PriorityClass> expected = new HashMap<>();
        List<Task> tasks = run.scheduler.tasks();
        tasks.forEach(task -> expected.put(task.id(), task.terms().priority()));
        for (int round = 0; round < tasks.size(); round++) {
            for (Task task : tasks) {
                for (long before : task.terms().after()) {
                    expected.computeIfPresent(before, (_, own) -> own.compareTo(expected.get(task.id())) < 0 ? own : expected.get(task.id()));
                }
            }
        }
        tasks.forEach(task -> assertThat(task.priority()).as("class of %d", task.id()).isEqualTo(expected.get(task.id())));
    }

    /** If the device stood still before this step, then for want of tasks. */
    private static void nothingWaitedInVain(TraceRun run, List<Task> ready) {
        long now = run.clock.nanos();
        if (now > run.lastEndNanos) {
            assertThat(ready).as("tasks that have just come or whose tool has just answered")
                    .allMatch(task -> task.submittedNanos() == now || task.standing.agesFromNanos > task.submittedNanos());
        }
    }

    private static void spentTasksGiveWayToInterruptsOrToTheOnlyOne(TraceRun run, StepPlan plan) {
        assertThat(run.spent.isEmpty() || plan.shares().size() == 1
                || plan.shares().stream().anyMatch(share -> share.task().priority() == PriorityClass.INTERRUPT))
                .as("a task that was preempted often enough gives way").isTrue();
    }

    private static int rank(Task task) {
        if (task.priority() == PriorityClass.INTERRUPT) {
            return 0;
        }
        return task.isInDanger() ? 1 : task.isItsTurn() ? 2 : 1 + task.priority().ordinal();
    }

    /** A task is left out of a step that serves a less urgent one only if even a token of it would make the step too long. */
    private static void noInversion(TraceRun run, StepPlan plan, Set<Task> served, List<Task> ready) {
        int first = served.stream().mapToInt(Laws::rank).min().orElseThrow();
        assertThat(ready.stream().mapToInt(Laws::rank).min().orElseThrow()).as("the most urgent rank leads").isEqualTo(first);
        StepPlan own = upTo(plan, first);
        double bound = run.trace.settings().boundSeconds();
        double most = limit(own, bound);
        assertThat(own.seconds()).as("a step within its bound").isLessThanOrEqualTo(most + SLACK);
        double riding = own.seconds() * (1 + (first == 0 ? 0.02 : first > 2 ? 0.25 : own.prefillTokens() > 0 ? 0.05 : 0.1));
        if (plan.shares().size() > own.shares().size()) {
            assertThat(plan.seconds()).as("riders hardly slow the others").isLessThanOrEqualTo(riding + SLACK);
        }
        for (Task task : ready) {
            if (!served.contains(task) && isFirstLeftOut(task, served, ready)) {
                boolean hasRow = plan.logitsRows() < plan.runner().mostLogitsRows() || task.pending() > 1;
                StepPlan before = upTo(plan, rank(task));
                double room = rank(task) == first ? task.pending() == 1 ? decodeLimit(own, bound) : most : riding;
                assertThat(!hasRow || with(before, task).seconds() > room - SLACK)
                        .as("task %d of rank %d with %d pending is left out for want of time: %.7f s with it, room for %.7f s, in %s", task.id(),
                                rank(task), task.pending(), with(before, task).seconds(), room, shown(plan)).isTrue();
            }
        }
    }

    /** Nobody is let past one that is before it and does not fit. */
    private static boolean isFirstLeftOut(Task task, Set<Task> served, List<Task> ready) {
        return ready.stream().noneMatch(other -> !served.contains(other) && rank(other) == rank(task)
                && other.pending() == 1 == (task.pending() == 1) && other.standing.order < task.standing.order);
    }

    private static String shown(StepPlan plan) {
        return plan.shares().stream().map(share -> "%d (rank %d): %d of %d".formatted(share.task().id(), rank(share.task()), share.tokens(),
                share.task().pending())).toList().toString();
    }

    private static double decodeLimit(StepPlan own, double bound) {
        StepPlan decoding = new StepPlan(own.runner());
        own.shares().stream().filter(share -> share.task().pending() == 1).forEach(share -> decoding.add(share.task(), 1));
        if (decoding.shares().isEmpty()) {
            return bound;
        }
        StepPlan one = new StepPlan(own.runner());
        one.add(decoding.shares().getFirst().task(), 1);
        return Math.max(bound, 2 * one.seconds());
    }

    private static double limit(StepPlan own, double bound) {
        StepPlan decoding = new StepPlan(own.runner());
        own.shares().stream().filter(share -> share.task().pending() == 1).forEach(share -> decoding.add(share.task(), 1));
        double decode = decoding.shares().isEmpty() ? 0 : decoding.seconds();
        return Math.max(Math.max(bound, 1.5 * decode), own.prefillTokens() == 0 ? decodeLimit(own, bound) : 0);
    }

    private static StepPlan upTo(StepPlan plan, int rank) {
        StepPlan part = new StepPlan(plan.runner());
        plan.shares().stream().filter(share -> rank(share.task()) <= rank).forEach(share -> part.add(share.task(), share.tokens()));
        return part;
    }

    private static StepPlan with(StepPlan plan, Task task) {
        StepPlan more = new StepPlan(plan.runner());
        plan.shares().forEach(share -> more.add(share.task(), share.tokens()));
        more.add(task, 1);
        return more;
    }

    /** Of a run that has come to its end. */
    static void requireGoodEnd(TraceRun run) {
        assertThat(run.scheduler.tasks()).as("no task is left").isEmpty();
        assertThat(run.simulated.usedTokens()).as("no cache is left").isZero();
        assertThat(run.ended.keySet()).as("every task ends").isEqualTo(run.tasks.keySet());
        assertThat(run.tasks.size() + run.refused.size()).as("nothing is lost").isEqualTo(run.trace.arrivals().size());
        for (Task task : run.tasks.values()) {
            dependenciesWereKept(run, task);
            budgetsWereKept(run, task);
            nobodyStarved(run, task);
        }
    }

    private static void dependenciesWereKept(TraceRun run, Task task) {
        for (long before : task.terms().after()) {
            if (run.tasks.containsKey(before) && task.startedNanos != Task.NOT_YET) {
                assertThat(task.startedNanos).as("%d after %d", task.id(), before).isGreaterThanOrEqualTo(run.tasks.get(before).doneNanos);
            }
        }
    }

    private static void budgetsWereKept(TraceRun run, Task task) {
        Budget budget = task.terms().budget();
        double longest = run.steps.stream().mapToDouble(StepRecord::seconds).max().orElse(0);
        assertThat(task.computedTokens).isLessThanOrEqualTo(budget.tokens());
        assertThat(task.computeSeconds).isLessThanOrEqualTo(budget.compute().toNanos() * 1e-9 + longest);
        if (run.ended.get(task.id()) == FinishReason.BUDGET) {
            assertThat(task.computedTokens == budget.tokens() || task.computeSeconds * 1e9 >= budget.compute().toNanos()
                    || task.joules >= budget.joules()).as("a budget is used up").isTrue();
        }
    }

    /** The bound of ageing: what came before, computed anew after each preemption, in the share that old tasks have. */
    private static void nobodyStarved(TraceRun run, Task task) {
        double work = 0;
        double waits = 0;
        for (Trace.Arrival arrival : run.trace.arrivals()) {
            boolean isBefore = arrival.id() <= task.id();
            double solo = Devices.LAPTOP.seconds(0, 0, Math.min(arrival.prompt(), Devices.ROWS), 0) * (1 + arrival.prompt() / Devices.ROWS)
                    + arrival.mostTokens() * 2 * Devices.LAPTOP.seconds(1, 1000, 0, 0);
            work += isBefore ? solo * (2 + run.trace.settings().mostPreemptions()) : 0;
            waits += isBefore ? arrival.work().tools().stream().mapToDouble(tool -> tool.time().toMillis() * 1e-3).sum() : 0;
        }
        double most = run.trace.settings().ageing().toSeconds() + waits + work / run.trace.settings().agedShare() + 1;
        assertThat((task.doneNanos - task.submittedNanos()) * 1e-9).as("task %d ends in time", task.id()).isLessThan(most);
    }
}
