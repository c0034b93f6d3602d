package dev.ondine.os.simulate;

import dev.ondine.engine.FinishReason;
import dev.ondine.os.Scheduler;
import dev.ondine.os.StepOutcome;
import dev.ondine.os.StepPlan;
import dev.ondine.os.StepRunner;
import dev.ondine.os.Task;
import dev.ondine.roofline.cost.StepCosts;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/** A device that takes the time that the cost model says, or some times that, on a virtual clock. It computes nothing. */
public final class SimulatedRunner implements StepRunner {

    private final String name;
    private final StepCosts costs;
    private final SimulatedDevice device;
    private final VirtualClock clock;
    private final Agenda agenda;
    private final RandomGenerator random;
    private final BiConsumer<Task, FinishReason> ended;
    private final Map<Task, Job> jobs = new HashMap<>();
    private long usedTokens;
    private double movingSeconds;

    /** What is known of a task. */
    private static final class Job {

        private final SimulatedWork work;
        private int answered;
        private int tool;
        private long held;
        private int parked;
        private FinishReason reason = FinishReason.CANCELLED;

        Job(SimulatedWork work) {
            this.work = work;
        }
    }

    /** @param ended told of every task that ends, and why */
    public SimulatedRunner(String name, StepCosts costs, SimulatedDevice device, VirtualClock clock, Agenda agenda, long seed,
                           BiConsumer<Task, FinishReason> ended) {
        this.name = name;
        this.costs = costs;
        this.device = device;
        this.clock = clock;
        this.agenda = agenda;
        this.random = new SplittableRandom(seed);
        this.ended = ended;
    }

    /** Hands over the content of a task before the scheduler gets it. */
    public void add(Task task, SimulatedWork work) {
        jobs.put(task, new Job(work));
    }

    /** Forgets a task that the scheduler has refused. */
    public void forget(Task task) {
        jobs.remove(task);
    }

    /** Tokens in the cache, of all tasks. */
    public long usedTokens() {
        return usedTokens;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int mostRows() {
        return device.mostRows();
    }

    @Override
    public int mostLogitsRows() {
        return device.mostLogitsRows();
    }

    @Override
    public StepCosts costs() {
        return costs;
    }

    @Override
    public int restore(Task task) {
        Job job = jobs.get(task);
        if (usedTokens + Math.max(1, job.parked) > device.cacheTokens()) {
            return -1;
        }
        hold(job, job.parked);
        movingSeconds += seconds(job.parked);
        int kept = job.parked;
        job.parked = 0;
        return kept;
    }

    @Override
    public boolean reserve(Task task, int tokens) {
        Job job = jobs.get(task);
        long more = Math.max(0, task.computed() + tokens - job.held);
        if (usedTokens + more > device.cacheTokens()) {
            return false;
        }
        hold(job, more);
        return true;
    }

    private void hold(Job job, long tokens) {
        job.held += tokens;
        usedTokens += tokens;
    }

    @Override
    public long park(Task task) {
        Job job = jobs.get(task);
        int tokens = task.computed();
        boolean swaps = device.diskBytesPerSecond() > 0 && 2 * seconds(tokens) < costs.seconds(0, 0, Math.clamp(tokens, 1, mostRows()), 0)
                * Math.max(1.0, (double) tokens / mostRows());
        job.parked = swaps ? tokens : 0;
        movingSeconds += seconds(job.parked);
        hold(job, -job.held);
        return (long) (job.parked * costs.cacheBytesPerToken());
    }

    private double seconds(int tokens) {
        return tokens == 0 ? 0 : tokens * costs.cacheBytesPerToken() / device.diskBytesPerSecond();
    }

    @Override
    public void stop(Task task, FinishReason reason, String problem) {
        jobs.get(task).reason = reason;
    }

    @Override
    public void release(Task task) {
        Job job = jobs.remove(task);
        hold(job, -job.held);
        ended.accept(task, job.reason);
    }

    @Override
    public void run(StepPlan plan, StepOutcome outcome) {
        double factor = plan.prefillTokens() > 0 ? device.readFactor() : device.decodeFactor();
        double noise = device.noise() == 0 ? 1 : Math.exp(device.noise() * random.nextGaussian());
        clock.advance(plan.seconds() * factor * noise + movingSeconds);
        movingSeconds = 0;
        for (StepPlan.Share share : plan.shares()) {
            if (share.reachesEnd()) {
                answer(share.task(), outcome);
            }
        }
    }

    private void answer(Task task, StepOutcome outcome) {
        Job job = jobs.get(task);
        job.answered++;
        if (job.answered >= Math.min(job.work.answerTokens(), task.mostTokens())) {
            job.reason = job.answered >= job.work.answerTokens() ? FinishReason.STOP : FinishReason.LENGTH;
            outcome.ended(task);
        } else if (job.tool < job.work.tools().size() && job.answered >= job.work.tools().get(job.tool).afterTokens()) {
            SimulatedWork.ToolWait wait = job.work.tools().get(job.tool++);
            outcome.blocked(task);
            agenda.at(clock.nanos() + wait.time().toNanos(), scheduler -> goOn(scheduler, task, wait));
        } else {
            outcome.generated(task);
        }
    }

    private void goOn(Scheduler scheduler, Task task, SimulatedWork.ToolWait wait) {
        if (jobs.containsKey(task)) {
            scheduler.unblock(task, wait.moreTokens());
        }
    }
}
