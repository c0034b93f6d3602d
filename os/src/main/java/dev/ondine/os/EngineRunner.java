package dev.ondine.os;

import dev.ondine.engine.FinishReason;
import dev.ondine.engine.Generation;
import dev.ondine.engine.PromptScores;
import dev.ondine.engine.Runner;
import dev.ondine.engine.SamplingRoom;
import dev.ondine.models.CapacityException;
import dev.ondine.os.memory.CacheTerms;
import dev.ondine.os.memory.MemorySnapshot;
import dev.ondine.os.memory.TaskMemory;
import dev.ondine.roofline.cost.StepCosts;
import dev.ondine.text.Tokenizer;
import dev.ondine.text.grammar.GrammarVocabulary;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The runner of real steps: one model on the engine, with the tokens and caches of its tasks. Borrows the engine's runner. */
public final class EngineRunner implements StepRunner {

    /** A step that reads fewer tokens says little of how fast prompts are read. */
    private static final int TELLING_TOKENS = 16;

    private final String name;
    private final String identity;
    private final Runner runner;
    private final Tokenizer tokenizer;
    private final StepCosts costs;
    private final int mostRows;
    private final int mostLogitsRows;
    private final SamplingRoom room;
    private final TaskMemory memory;
    private final Map<Task, Job> jobs = new HashMap<>();
    private final EngineSteps steps;
    private GrammarVocabulary grammarVocabulary;

    /**
     * @param name     of the model, for people
     * @param identity of all that decides what the model says: its file, its kernels, the format of its cache; durable tasks go on only
     *                 where it is the same
     * @param memory   for the caches of the runner's tasks; borrowed too
     */
    public EngineRunner(String name, String identity, Runner runner, Tokenizer tokenizer, StepCosts costs, int mostRows,
                        int mostLogitsRows, TaskMemory memory) {
        this.name = name;
        this.identity = identity;
        this.runner = runner;
        this.tokenizer = tokenizer;
        this.costs = costs;
        this.mostRows = mostRows;
        this.mostLogitsRows = mostLogitsRows;
        this.room = new SamplingRoom(runner.model().facts().vocabSize());
        this.memory = memory;
        this.steps = new EngineSteps(runner, mostLogitsRows, jobs);
    }

    /** What decides what the model says. */
    public String identity() {
        return identity;
    }

    /**
     * Prepares the content of a task; any thread may.
     *
     * @throws IllegalArgumentException if the prompt is empty, or a token is outside the vocabulary
     * @throws CapacityException        if the prompt does not fit the context
     */
    Content content(Work work, TaskListener listener) {
        runner.requireReadable(work.prompt());
        return switch (work) {
            case Work.CompletionWork completion -> completion(completion, listener);
            case Work.EmbeddingWork embedding -> new EmbeddingContent(embedding, runner.embeddings().columns(), listener);
        };
    }

    private Content completion(Work.CompletionWork work, TaskListener listener) {
        Generation generation = new Generation(tokenizer, work.prompt(), work.options(), room,
                work.options().grammar().map(_ -> grammarVocabulary()));
        Optional<PromptScores> scores = work.scoresPrompt()
                ? Optional.of(new PromptScores(tokenizer, work.prompt(), Math.max(0, work.options().scores()), room)) : Optional.empty();
        return new CompletionContent(work, generation, scores, runner.contextLength(), listener);
    }

    /** Made once, when it is first needed: that takes a while. */
    private synchronized GrammarVocabulary grammarVocabulary() {
        if (grammarVocabulary == null) {
            grammarVocabulary = GrammarVocabulary.of(tokenizer.vocabulary());
        }
        return grammarVocabulary;
    }

    /** Takes the content of a task before the scheduler gets it. */
    void add(Task task, Work work, Content content) {
        jobs.put(task, new Job(content, memory.open(new CacheTerms(task.id(), task.terms().app(), work.prompt().length, work.shareable(),
                task.terms().lossy(), work.skippable()))));
    }

    /** Forgets a task that the scheduler has refused. */
    void remove(Task task) {
        Job job = jobs.remove(task);
        job.cache().close(job.tokens());
    }

    /** The content of a task that has not ended. */
    Content content(Task task) {
        return jobs.get(task).content();
    }

    /**
     * Lets a blocked task go on with more tokens.
     *
     * @throws IllegalArgumentException if there are none or one is outside the vocabulary
     * @throws IllegalStateException    if it does not wait for tokens
     * @throws CapacityException        if they do not fit the context
     */
    void continueWith(Task task, int[] moreTokens) {
        if (!(content(task) instanceof CompletionContent completion) || task.state() != TaskState.BLOCKED) {
            throw new IllegalStateException("task %d does not wait for tokens, it is %s".formatted(task.id(), task.state()));
        }
        runner.requireReadable(moreTokens);
        if (completion.length() > runner.contextLength() - moreTokens.length) {
            throw new CapacityException("%d tokens and %d more do not fit the context, which holds %d; cut the tool's answer short"
                    .formatted(completion.length(), moreTokens.length, runner.contextLength()));
        }
        completion.continueWith(moreTokens);
        memory.speeds().toolAnswered(System.nanoTime() - task.standing.stoppedNanos);
    }

    /** What so many tokens take of the cache. */
    double cacheShare(int tokens) {
        return (double) runner.cache().bytesFor(tokens) / runner.cache().capacityBytes();
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
        return job.cache().restore(job.tokens());
    }

    @Override
    public boolean reserve(Task task, int tokens) {
        return jobs.get(task).cache().reserve(tokens);
    }

    @Override
    public long park(Task task) {
        Job job = jobs.get(task);
        return task.state() == TaskState.BLOCKED ? job.cache().block(job.tokens()) : job.cache().park(job.tokens());
    }

    @Override
    public void stop(Task task, FinishReason reason, String problem) {
        jobs.get(task).content().end(reason, problem);
    }

    @Override
    public void release(Task task) {
        Job job = jobs.remove(task);
        try {
            job.cache().close(job.tokens());
        } finally {
            job.content().end(FinishReason.CANCELLED, "");
            tellDone(task, job);
        }
    }

    private static void tellDone(Task task, Job job) {
        try {
            job.content().done(task);
        } catch (RuntimeException | Error e) {
            // The task is over, and its listener was the only one to tell.
        }
    }

    @Override
    public void run(StepPlan plan, StepOutcome outcome) {
        memory.stepBegins();
        double seconds = steps.run(plan, outcome);
        if (plan.prefillTokens() >= TELLING_TOKENS) {
            memory.speeds().prefilled(plan.rows(), seconds);
        }
    }
}
