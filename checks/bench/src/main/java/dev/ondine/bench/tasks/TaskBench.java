package dev.ondine.bench.tasks;

import dev.ondine.api.Ondine;
import dev.ondine.api.OndineSettings;
import dev.ondine.api.OndineTask;
import dev.ondine.api.start.KernelChoice;
import dev.ondine.os.PriorityClass;
import dev.ondine.os.SchedulerSettings;
import dev.ondine.os.TaskResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * How tasks share one model: what batching gains, and how long an urgent task waits while others flood the model.
 *
 * <pre>checks/bench/tasks batch|interrupt MODEL.gguf [STEP BOUND, ms] [KERNELS]</pre>
 */
public final class TaskBench {

    private static final int CLIENTS = 8;
    private static final int BATCH_TOKENS = 128;
    private static final int ROUNDS = 3;
    private static final int FLOOD = 16;
    private static final int FLOOD_PROMPT = 1_500;
    private static final int INTERRUPTS = 200;
    private static final int FOREGROUND = 10;
    private static final int FOREGROUND_PROMPT = 128;

    private final Ondine ondine;
    private final Duration bound;
    private final Random random = new Random(1);

    private TaskBench(Ondine ondine, Duration bound) {
        this.ondine = ondine;
        this.bound = bound;
    }

    /** @param args what to measure, the model, and perhaps the bound of a step and the kernels */
    public static void main(String[] args) throws InterruptedException {
        Duration bound = args.length > 2 ? Duration.ofMillis(Long.parseLong(args[2])) : SchedulerSettings.STANDARD.stepBound();
        OndineSettings settings = OndineSettings.standard().withScheduler(SchedulerSettings.STANDARD.bounded(bound))
                .withKernels(args.length > 3 ? KernelChoice.valueOf(args[3].toUpperCase(Locale.ROOT)) : KernelChoice.AUTO);
        try (Ondine ondine = new Ondine(settings)) {
            ondine.load(Path.of(args[1]));
            TaskBench bench = new TaskBench(ondine, bound);
            bench.one(64, 16, PriorityClass.FOREGROUND).answer();
            switch (args[0]) {
                case "batch" -> bench.batch();
                case "interrupt" -> bench.interrupt();
                default -> throw new IllegalArgumentException(args[0] + ", expected batch or interrupt");
            }
        }
    }

    private OndineTask one(int promptTokens, int tokens, PriorityClass priority) {
        int[] prompt = random.ints(promptTokens, 10, 2_000).toArray();
        return ask(prompt, tokens, priority);
    }

    private OndineTask ask(int[] prompt, int tokens, PriorityClass priority) {
        return ondine.task().prompt(prompt).maxTokens(tokens).ignoreEnd().priority(priority).start();
    }

    /** One client after the other, then all at once: tokens per second, and whether they say the same. */
    private void batch() throws InterruptedException {
        List<int[]> prompts = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            prompts.add(random.ints(16, 10, 2_000).toArray());
        }
        double[] ratios = new double[ROUNDS];
        int equal = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<TaskResult> alone = new ArrayList<>();
            long startNanos = System.nanoTime();
            for (int[] prompt : prompts) {
                alone.add(ask(prompt, BATCH_TOKENS, PriorityClass.FOREGROUND).answer().result());
            }
            long middleNanos = System.nanoTime();
            List<OndineTask> tasks = prompts.stream().map(prompt -> ask(prompt, BATCH_TOKENS, PriorityClass.FOREGROUND)).toList();
            for (int client = 0; client < CLIENTS; client++) {
                equal += Arrays.equals(tasks.get(client).answer().result().tokens(), alone.get(client).tokens()) ? 1 : 0;
            }
            double together = (System.nanoTime() - middleNanos) * 1e-9;
            ratios[round] = (middleNanos - startNanos) * 1e-9 / together;
            System.out.printf("one %.1f tokens/s, %d at once %.1f tokens/s: %.2f times%n", CLIENTS * BATCH_TOKENS / (ratios[round] * together),
                    CLIENTS, CLIENTS * BATCH_TOKENS / together, ratios[round]);
        }
        Arrays.sort(ratios);
        System.out.printf("median %.2f times; %d of %d texts as alone%n", ratios[ROUNDS / 2], equal, ROUNDS * CLIENTS);
    }

    /** Urgent tasks and people's tasks while background tasks read long prompts. */
    private void interrupt() throws InterruptedException {
        double idle = foregroundMillis();
        double idleDecode = decodeMillis();
        List<OndineTask> flood = new ArrayList<>();
        for (int task = 0; task < FLOOD; task++) {
            flood.add(one(FLOOD_PROMPT, 2_000, PriorityClass.BACKGROUND));
        }
        Thread.sleep(500);
        double[] waits = new double[INTERRUPTS];
        for (int number = 0; number < INTERRUPTS; number++) {
            Thread.sleep(20 + random.nextInt(150));
            waits[number] = millis(one(8, 2, PriorityClass.INTERRUPT).answer().result().timings().queued());
        }
        double busy = foregroundMillis();
        long running = flood.stream().filter(task -> !task.isDone()).count();
        flood.forEach(OndineTask::close);
        Arrays.sort(waits);
        System.out.printf("interrupt latency: p50 %.1f ms, p99 %.1f ms, max %.1f ms; bound %d ms and a decode step of %.1f ms%n",
                waits[INTERRUPTS / 2], waits[INTERRUPTS * 99 / 100], waits[INTERRUPTS - 1],
                bound.toMillis(), idleDecode);
        System.out.printf("foreground first token: idle %.1f ms, in the flood %.1f ms: %.2f times; %d of %d flood tasks still run%n", idle, busy,
                busy / idle, running, FLOOD);
    }

    private double foregroundMillis() throws InterruptedException {
        double[] times = new double[FOREGROUND];
        for (int number = 0; number < FOREGROUND; number++) {
            Thread.sleep(100);
            times[number] = millis(one(FOREGROUND_PROMPT, 2, PriorityClass.FOREGROUND).answer().result().timings().firstToken());
        }
        Arrays.sort(times);
        return times[FOREGROUND / 2];
    }

    private double decodeMillis() throws InterruptedException {
        TaskResult result = one(16, 33, PriorityClass.FOREGROUND).answer().result();
        return 1e3 / result.timings().tokensPerSecond(result.tokens().length);
    }

    private static double millis(Duration time) {
        return time.toNanos() * 1e-6;
    }
}
