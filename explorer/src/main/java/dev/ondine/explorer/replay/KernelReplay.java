package dev.ondine.explorer.replay;

import dev.ondine.engine.FinishReason;
import dev.ondine.os.Kernel;
import dev.ondine.os.RefusedException;
import dev.ondine.os.TaskResult;
import dev.ondine.os.TaskTerms;
import dev.ondine.os.simulate.SimulatedWork.ToolWait;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A replay on the engine, in real time, with prompts of random tokens. A task that waits for tools is a chain here: what a tool answers
 * comes as a new task that shares all that went before with the cache. Prompts too long for the context are cut.
 */
public final class KernelReplay {

    /** Where tasks go. */
    @FunctionalInterface
    public interface Target {

        /**
         * Submits the completion of a prompt, whose answer has just so many tokens.
         *
         * @param done told when it has ended
         * @return its id
         * @throws RefusedException if it is not taken
         */
        long submit(TaskTerms terms, int[] prompt, int tokens, Consumer<TaskResult> done);
    }

    private final Kernel kernel;
    private final Target target;
    private final int vocabSize;
    private final int contextLength;
    private final ReplayLog log = new ReplayLog();
    /** Ids of the kernel by those of the replay. */
    private final Map<Long, Long> ids = new HashMap<>();

    /** @param kernel that the target's tasks run on; one that has run nothing else */
    public KernelReplay(Kernel kernel, Target target, int vocabSize, int contextLength) {
        this.kernel = kernel;
        this.target = target;
        this.vocabSize = vocabSize;
        this.contextLength = contextLength;
    }

    /** Plays it to its end. Used once. */
    public ReplayReport run(ReplayScenario scenario, double load, long seed) throws InterruptedException {
        List<ReplayTask> tasks = ReplayTasks.of(scenario, load, seed);
        kernel.watch(log::step);
        long startNanos = System.nanoTime();
        for (ReplayTask task : tasks) {
            TimeUnit.NANOSECONDS.sleep(startNanos + (long) (task.seconds() * 1e9) - System.nanoTime());
            begin(task, seed);
        }
        while (log.count() < tasks.size()) {
            Thread.sleep(1);
        }
        return log.report(scenario, "real", load, seed, kernel.stats());
    }

    private void begin(ReplayTask task, long seed) {
        int room = Math.max(1, contextLength - task.work().answerTokens()
                - task.work().tools().stream().mapToInt(ToolWait::moreTokens).sum());
        int[] prompt = tokens(Math.min(task.prompt(), room), seed * 1_000_003 + task.id());
        Set<Long> after = new HashSet<>();
        task.terms().after().forEach(id -> after.add(ids.getOrDefault(id, 0L)));
        try {
            ids.put(task.id(), new Chain(task, task.terms().after(after)).next(prompt));
        } catch (RefusedException e) {
            log.refused(task);
        }
    }

    private int[] tokens(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.generate(() -> random.nextInt(vocabSize)).limit(count).toArray();
    }

    /** A task with its tools. */
    private final class Chain {

        private final ReplayTask task;
        private final TaskTerms terms;
        private final long startNanos = System.nanoTime();
        private int link;
        private double firstToken;

        Chain(ReplayTask task, TaskTerms terms) {
            this.task = task;
            this.terms = terms;
        }

        /** Submits the next part. @return its id */
        long next(int[] prompt) {
            List<ToolWait> tools = task.work().tools();
            int from = link == 0 ? 0 : tools.get(link - 1).afterTokens();
            int to = link < tools.size() ? tools.get(link).afterTokens() : task.work().answerTokens();
            return target.submit(terms, prompt, Math.max(1, to - from), result -> ended(prompt, result));
        }

        private void ended(int[] prompt, TaskResult result) {
            if (link == 0) {
                firstToken = result.timings().firstToken().toNanos() * 1e-9;
            }
            List<ToolWait> tools = task.work().tools();
            if (result.finishReason() == FinishReason.LENGTH && link < tools.size()) {
                ToolWait wait = tools.get(link++);
                int[] more = tokens(wait.moreTokens(), task.id() * 31 + link);
                int[] whole = joined(prompt, result.tokens(), more);
                CompletableFuture.delayedExecutor(wait.time().toNanos(), TimeUnit.NANOSECONDS).execute(() -> goOn(whole));
            } else {
                log.ended(task, firstToken, (System.nanoTime() - startNanos) * 1e-9, result.finishReason() == FinishReason.LENGTH);
            }
        }

        private void goOn(int[] prompt) {
            try {
                next(prompt);
            } catch (RuntimeException e) {
                log.ended(task, firstToken, (System.nanoTime() - startNanos) * 1e-9, false);
            }
        }
    }

    private static int[] joined(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }
}
