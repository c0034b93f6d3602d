package dev.ondine.os;

import dev.ondine.engine.FinishReason;
import dev.ondine.os.simulate.Agenda;
import dev.ondine.os.simulate.SimulatedRunner;
import dev.ondine.os.simulate.VirtualClock;
import dev.ondine.roofline.cost.StepCosts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A trace that is played, step by step under the eyes of a judge. */
final class TraceRun {

    /** Looks at a step before it runs. */
    interface Judge {

        void look(TraceRun run, StepPlan plan);
    }

    final Trace trace;
    final VirtualClock clock = new VirtualClock();
    final Agenda agenda = new Agenda(clock);
    final Scheduler scheduler;
    final SimulatedRunner simulated;
    final Map<Long, Task> tasks = new HashMap<>();
    final Map<Long, FinishReason> ended = new HashMap<>();
    final Set<Long> refused = new HashSet<>();
    final List<StepRecord> steps = new ArrayList<>();
    /** Tasks that were parked though they had been parked as often as is allowed, until the next step. */
    final List<Task> spent = new ArrayList<>();
    long lastEndNanos;

    TraceRun(Trace trace, SchedulingPolicy policy, StepCosts costs, Judge judge) {
        this.trace = trace;
        scheduler = new Scheduler(policy, clock, trace.settings(), steps::add);
        simulated = new SimulatedRunner("simulated", costs, trace.device(), clock, agenda, trace.seed(), this::end);
        StepRunner watched = new WatchedRunner(judge);
        for (Trace.Arrival arrival : trace.arrivals()) {
            agenda.at(arrival.nanos(), _ -> submit(arrival, watched));
        }
    }

    static TraceRun of(Trace trace, SchedulingPolicy policy, Judge judge) {
        TraceRun run = new TraceRun(trace, policy, Devices.LAPTOP, judge);
        run.agenda.run(run.scheduler);
        return run;
    }

    static TraceRun of(Trace trace, SchedulingPolicy policy) {
        return of(trace, policy, (_, _) -> { });
    }

    private void submit(Trace.Arrival arrival, StepRunner runner) {
        Task task = new Task(arrival.id(), runner, arrival.terms(), arrival.prompt(), arrival.mostTokens(), arrival.nanos());
        simulated.add(task, arrival.work());
        try {
            scheduler.submit(task);
            tasks.put(task.id(), task);
        } catch (RefusedException e) {
            simulated.forget(task);
            refused.add(arrival.id());
        }
    }

    private void end(Task task, FinishReason reason) {
        if (ended.put(task.id(), reason) != null) {
            throw new AssertionError("task %d ended twice".formatted(task.id()));
        }
    }

    /** The simulated runner, with the judge before it. */
    private final class WatchedRunner implements StepRunner {

        private final Judge judge;

        WatchedRunner(Judge judge) {
            this.judge = judge;
        }

        @Override
        public String name() {
            return simulated.name();
        }

        @Override
        public int mostRows() {
            return simulated.mostRows();
        }

        @Override
        public int mostLogitsRows() {
            return simulated.mostLogitsRows();
        }

        @Override
        public StepCosts costs() {
            return simulated.costs();
        }

        @Override
        public int restore(Task task) {
            return simulated.restore(task);
        }

        @Override
        public boolean reserve(Task task, int tokens) {
            return simulated.reserve(task, tokens);
        }

        @Override
        public long park(Task task) {
            if (task.preemptions >= trace.settings().mostPreemptions() && task.state == TaskState.RUNNING) {
                spent.add(task);
            }
            return simulated.park(task);
        }

        @Override
        public void stop(Task task, FinishReason reason, String problem) {
            if (reason == FinishReason.FAILED) {
                // It had the whole cache to itself, in vain.
                spent.clear();
            }
            simulated.stop(task, reason, problem);
        }

        @Override
        public void release(Task task) {
            simulated.release(task);
        }

        @Override
        public void run(StepPlan plan, StepOutcome outcome) {
            judge.look(TraceRun.this, plan);
            spent.clear();
            simulated.run(plan, outcome);
            lastEndNanos = clock.nanos();
        }
    }
}
