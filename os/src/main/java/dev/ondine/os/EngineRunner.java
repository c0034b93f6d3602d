package dev.ondine.os;

import dev.ondine.engine.FinishReason;
import dev.ondine.engine.GeneratedToken;
import dev.ondine.engine.Generation;
import dev.ondine.engine.Runner;
import dev.ondine.engine.SamplingRoom;
import dev.ondine.os.memory.CacheTerms;
import dev.ondine.os.memory.MemorySnapshot;
import dev.ondine.os.memory.TaskCache;
import dev.ondine.os.memory.TaskMemory;
import dev.ondine.roofline.cost.StepCosts;
import dev.ondine.tensor.Matrix;
import dev.ondine.text.Tokenizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The runner of real steps: one model on the engine, with the tokens and caches of its tasks. Borrows the engine's runner. */
public final class EngineRunner implements StepRunner {

    /** A step that reads fewer tokens says little of how fast prompts are read. */
    private static final int TELLING_TOKENS = 16;

    private final String name;
    private final Runner runner;
    private final Tokenizer tokenizer;
    private final StepCosts costs;
    private final int mostRows;
    private final int mostLogitsRows;
    private final SamplingRoom room;
    private final TaskMemory memory;
    private final Map<Task, Job> jobs = new HashMap<>();

    /** @param memory for the caches of the runner's tasks; borrowed too */
    public EngineRunner(String name, Runner runner, Tokenizer tokenizer, StepCosts costs, int mostRows, int mostLogitsRows,
                        TaskMemory memory) {
        this.name = name;
        this.runner = runner;
        this.tokenizer = tokenizer;
        this.costs = costs;
        this.mostRows = mostRows;
        this.mostLogitsRows = mostLogitsRows;
        this.room = new SamplingRoom(runner.model().facts().vocabSize());
        this.memory = memory;
    }

    /** What the engine knows of a task. */
    private static final class Job {

        private final Generation generation;
        private final TaskListener listener;
        private final TaskCache cache;
        private final StringBuilder text = new StringBuilder();

        Job(Generation generation, TaskListener listener, TaskCache cache) {
            this.generation = generation;
            this.listener = listener;
            this.cache = cache;
        }

        int[] tokens() {
            int[] tokens = new int[generation.length()];
            Arrays.setAll(tokens, generation::token);
            return tokens;
        }
    }

    /** Hands over the content of a task before the scheduler gets it. */
    void add(Task task, Work work, TaskListener listener) {
        Work.CompletionWork completion = (Work.CompletionWork) work;
        Generation generation = new Generation(tokenizer, completion.prompt(), completion.options(), room);
        TaskCache cache = memory.open(new CacheTerms(task.id(), task.terms().app(), work.prompt().length, work.shareable(),
                task.terms().lossy(), completion.options().promptScores() ? 0 : Integer.MAX_VALUE));
        jobs.put(task, new Job(generation, listener, cache));
    }

    /** Checks a prompt before anything is done with it. */
    void requireReadable(Work work) {
        runner.requireReadable(work.prompt());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int mostRows() {
        return mostRows;
    }

    @Override
    public int mostLogitsRows() {
        return mostLogitsRows;
    }

    /** Where the caches of its tasks are now; for the kernel's thread. */
    MemorySnapshot caches() {
        return memory.snapshot();
    }

    @Override
    public StepCosts costs() {
        return costs;
    }

    @Override
    public int restore(Task task) {
        Job job = jobs.get(task);
        return job.cache.restore(job.tokens());
    }

    @Override
    public boolean reserve(Task task, int tokens) {
        return jobs.get(task).cache.reserve(tokens);
    }

    @Override
    public long park(Task task) {
        Job job = jobs.get(task);
        return job.cache.park(job.tokens());
    }

    @Override
    public void release(Task task) {
        Job job = jobs.remove(task);
        job.cache.close(job.tokens());
        job.generation.end(FinishReason.CANCELLED);
        finish(task, job);
    }

    private static void finish(Task task, Job job) {
        String rest = job.generation.rest();
        job.text.append(rest);
        job.listener.done(rest, new TaskResult(task.id(), job.generation.finishReason(), task.promptTokens(), task.cachedPromptTokens,
                job.generation.completion(), job.text.toString(), new float[0], "", task.timings()));
    }

    @Override
    public void run(StepPlan plan, StepOutcome outcome) {
        memory.stepBegins();
        long startNanos = System.nanoTime();
        for (StepPlan.Share share : plan.shares()) {
            Job job = jobs.get(share.task());
            for (int index = share.from(); index < share.from() + share.tokens(); index++) {
                runner.add(job.cache.state(), job.generation.token(index), share.reachesEnd() && index == job.generation.length() - 1);
            }
        }
        Matrix logits = runner.run();
        if (plan.prefillTokens() >= TELLING_TOKENS) {
            memory.speeds().prefilled(plan.rows(), (System.nanoTime() - startNanos) * 1e-9);
        }
        int row = 0;
        for (StepPlan.Share share : plan.shares()) {
            Job job = jobs.get(share.task());
            if (job.cache.isPrefixDue()) {
                job.cache.keepPrefix(job.tokens());
            }
            if (share.reachesEnd()) {
                accept(share.task(), logits, row++, outcome);
            }
        }
    }

    private void accept(Task task, Matrix logits, int row, StepOutcome outcome) {
        Job job = jobs.get(task);
        if (job.generation.finishReason() == null) {
            GeneratedToken token = job.generation.accept(logits, row);
            job.text.append(token.text());
            job.listener.token(token);
        }
        if (job.generation.length() > runner.contextLength()) {
            job.generation.end(FinishReason.CONTEXT);
        }
        if (job.generation.finishReason() == null) {
            outcome.generated(task);
        } else {
            outcome.ended(task);
        }
    }
}
