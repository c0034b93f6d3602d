package dev.ondine.explorer.replay;

import dev.ondine.engine.FinishReason;
import dev.ondine.os.RefusedException;
import dev.ondine.os.Scheduler;
import dev.ondine.os.SchedulerSettings;
import dev.ondine.os.Task;
import dev.ondine.os.TaskResult;
import dev.ondine.os.simulate.Agenda;
import dev.ondine.os.simulate.SimulatedDevice;
import dev.ondine.os.simulate.SimulatedRunner;
import dev.ondine.os.simulate.VirtualClock;
import dev.ondine.roofline.cost.StepCosts;
import java.util.HashMap;
import java.util.Map;

/** A replay on a virtual clock: equal arguments give equal reports. */
public final class SimulatedReplay {

    private final ReplayScenario scenario;
    private final SchedulerSettings settings;
    private final double load;
    private final long seed;
    private final ReplayLog log = new ReplayLog();
    private final Map<Long, ReplayTask> running = new HashMap<>();

    private SimulatedReplay(ReplayScenario scenario, SchedulerSettings settings, double load, long seed) {
        this.scenario = scenario;
        this.settings = settings;
        this.load = load;
        this.seed = seed;
    }

    /** @param load how many times as fast as the scenario says tasks come */
    public static ReplayReport run(ReplayScenario scenario, StepCosts costs, SimulatedDevice device, SchedulerSettings settings, double load,
                                   long seed) {
        return new SimulatedReplay(scenario, settings, load, seed).play(costs, device);
    }

    /** The device that a scenario describes, as exact as its cost model. */
    public static SimulatedDevice device(ReplayScenario scenario) {
        return SimulatedDevice.exact(scenario.design().batch() + scenario.design().chunk(), scenario.design().batch())
                .caching(scenario.cacheTokens(), 0);
    }

    private ReplayReport play(StepCosts costs, SimulatedDevice device) {
        VirtualClock clock = new VirtualClock();
        Agenda agenda = new Agenda(clock);
        Scheduler scheduler = new Scheduler(settings.policy(), clock, settings, log::step);
        SimulatedRunner runner = new SimulatedRunner(scenario.name(), costs, device, clock, agenda, seed, this::ended);
        for (ReplayTask task : ReplayTasks.of(scenario, load, seed)) {
            agenda.at((long) (task.seconds() * 1e9), _ -> submit(task, runner, scheduler));
        }
        agenda.run(scheduler);
        return log.report(scenario, "simulated", load, seed, scheduler.stats());
    }

    private void submit(ReplayTask described, SimulatedRunner runner, Scheduler scheduler) {
        Task task = new Task(described.id(), runner, described.terms(), described.prompt(), described.work().answerTokens(),
                (long) (described.seconds() * 1e9));
        runner.add(task, described.work());
        try {
            scheduler.submit(task);
            running.put(task.id(), described);
        } catch (RefusedException e) {
            runner.forget(task);
            log.refused(described);
        }
    }

    private void ended(Task task, FinishReason reason) {
        TaskResult.Timings timings = task.timings();
        log.ended(running.remove(task.id()), timings.firstToken().toNanos() * 1e-9, timings.total().toNanos() * 1e-9,
                reason == FinishReason.STOP);
    }
}
