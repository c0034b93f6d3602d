package dev.ondine.os;

import dev.ondine.engine.FinishReason;
import dev.ondine.engine.GeneratedToken;
import dev.ondine.engine.Generation;
import dev.ondine.engine.Runner;
import dev.ondine.engine.SamplingRoom;
import dev.ondine.models.SequenceState;
import dev.ondine.roofline.cost.StepCosts;
import dev.ondine.tensor.Matrix;
import dev.ondine.text.Tokenizer;
import java.util.HashMap;
import java.util.Map;

/** The runner of real steps: one model on the engine, with the tokens and caches of its tasks. Borrows the engine's runner. */
public final class EngineRunner implements StepRunner {

    private final String name;
    private final Runner runner;
    private final Tokenizer tokenizer;
    private final StepCosts costs;
    private final int mostRows;
    private final int mostLogitsRows;
    private final SamplingRoom room;
    private final Map<Task, Job> jobs = new HashMap<>();

    public EngineRunner(String name, Runner runner, Tokenizer tokenizer, StepCosts costs, int mostRows, int mostLogitsRows) {
        this.name = name;
        this.runner = runner;
        this.tokenizer = tokenizer;
        this.costs = costs;
        this.mostRows = mostRows;
        this.mostLogitsRows = mostLogitsRows;
        this.room = new SamplingRoom(runner.model().facts().vocabSize());
    }

    /** What the engine knows of a task. */
    private static final class Job {

        private final Generation generation;
        private final TaskListener listener;
        private final StringBuilder text = new StringBuilder();
        private SequenceState state;

        Job(Generation generation, TaskListener listener) {
            this.generation = generation;
            this.listener = listener;
        }
    }

    /** Hands over the content of a task before the scheduler gets it. */
    void add(Task task, Work work, TaskListener listener) {
        Work.CompletionWork completion = (Work.CompletionWork) work;
        jobs.put(task, new Job(new Generation(tokenizer, completion.prompt(), completion.options(), room), listener));
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

    @Override
    public StepCosts costs() {
        return costs;
    }

    @Override
    public int restore(Task task) {
        Job job = jobs.get(task);
        if (job.state == null) {
            job.state = runner.newSequence();
        }
        return job.state.length();
    }

    @Override
    public boolean reserve(Task task, int tokens) {
        return true;
    }

    @Override
    public long park(Task task) {
        Job job = jobs.get(task);
        job.state.close();
        job.state = null;
        return 0;
    }

    @Override
    public void release(Task task) {
        Job job = jobs.remove(task);
        if (job.state != null) {
            job.state.close();
        }
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
        for (StepPlan.Share share : plan.shares()) {
            Job job = jobs.get(share.task());
            for (int index = share.from(); index < share.from() + share.tokens(); index++) {
                runner.add(job.state, job.generation.token(index), share.reachesEnd() && index == job.generation.length() - 1);
            }
        }
        Matrix logits = runner.run();
        int row = 0;
        for (StepPlan.Share share : plan.shares()) {
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
