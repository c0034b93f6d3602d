package dev.ondine.bench;

import dev.ondine.api.start.KernelChoice;
import dev.ondine.api.start.StartedModel;
import dev.ondine.engine.Runner;
import dev.ondine.files.GgufFile;
import dev.ondine.kernels.panel.PackingListener;
import dev.ondine.os.memory.CacheTerms;
import dev.ondine.os.memory.MemoryBudget;
import dev.ondine.os.memory.ParkingSpeeds;
import dev.ondine.os.memory.SwapFolder;
import dev.ondine.os.memory.TaskCache;
import dev.ondine.os.memory.TaskMemory;
import dev.ondine.tensor.WorkerTeam;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * What a cache that is there already saves: the time to the first token of a second request with the same 2,000 tokens at its
 * beginning, and a cache of 2,000 tokens from a file, each beside computing it.
 *
 * <pre>checks/bench/cache-reuse MODEL.gguf</pre>
 */
public final class CacheReuseBench {

    private static final int COMMON = 2_000;
    private static final int OWN = 16;
    private static final int CONTEXT = COMMON + 96;
    private static final int ROWS = 512;

    private final Runner runner;
    private final TaskMemory memory;
    private final Random random = new Random(1);
    private final int[] common;

    private CacheReuseBench(Runner runner, TaskMemory memory) {
        this.runner = runner;
        this.memory = memory;
        this.common = tokens(COMMON);
    }

    /** @param args the model */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory("cache-reuse");
        try (WorkerTeam team = new WorkerTeam(Runtime.getRuntime().availableProcessors());
             StartedModel model = new StartedModel(GgufFile.open(Path.of(args[0])),
                     new StartedModel.Settings(KernelChoice.AUTO, Optional.empty(), ROWS, Optional.empty()), team, PackingListener.NONE);
             Runner runner = new Runner(model.model(), CONTEXT, 3, ROWS, 1);
             SwapFolder swap = new SwapFolder(folder, 4L << 30)) {
            MemoryBudget budget = new MemoryBudget(runner.cache().capacityBytes());
            try (TaskMemory memory = new TaskMemory(runner.cache(), budget.claim("bench", MemoryBudget.Use.KV_CACHE, 0), Optional.of(swap),
                    new ParkingSpeeds(100))) {
                CacheReuseBench bench = new CacheReuseBench(runner, memory);
                bench.warmUp();
                bench.reusePrefix();
                bench.swap();
            }
        } finally {
            Files.delete(folder);
        }
    }

    private int[] tokens(int count) {
        return random.ints(count, 0, runner.model().facts().vocabSize()).toArray();
    }

    private int[] prompt() {
        int[] prompt = Arrays.copyOf(common, COMMON + OWN);
        System.arraycopy(tokens(OWN), 0, prompt, COMMON, OWN);
        return prompt;
    }

    private void warmUp() {
        int[] prompt = tokens(ROWS / 2);
        TaskCache cache = open(0, prompt);
        read(cache, prompt);
        cache.close(prompt);
    }

    private TaskCache open(long task, int[] prompt) {
        return memory.open(new CacheTerms(task, "bench", prompt.length, 0, false, Integer.MAX_VALUE));
    }

    /** @return seconds to the first logits */
    private double read(TaskCache cache, int[] prompt) {
        long startNanos = System.nanoTime();
        for (int next = cache.restore(prompt); next < prompt.length; ) {
            cache.reserve(Math.min(ROWS, prompt.length - next));
            memory.stepBegins();
            next = runner.read(cache.state(), prompt, next);
        }
        return (System.nanoTime() - startNanos) * 1e-9;
    }

    private void reusePrefix() {
        int[] first = prompt();
        TaskCache firstCache = open(1, first);
        double firstSeconds = read(firstCache, first);
        memory.speeds().prefilled(first.length, firstSeconds);
        firstCache.close(first);
        int[] second = prompt();
        TaskCache secondCache = open(2, second);
        double secondSeconds = read(secondCache, second);
        secondCache.close(second);
        print("prefix of %d tokens: first %.2f s, second %.3f s, %.1f %% (bar 5 %%)%n", COMMON, firstSeconds, secondSeconds,
                100 * secondSeconds / firstSeconds);
    }

    private void swap() {
        int[] prompt = tokens(COMMON);
        TaskCache cache = open(3, prompt);
        double computeSeconds = read(cache, prompt);
        long bytes = cache.state().heldBytes();
        long startNanos = System.nanoTime();
        cache.park(prompt);
        memory.shrinkTo(0);
        long swapped = memory.snapshot().swappedBytes();
        long parkedNanos = System.nanoTime();
        int restored = cache.restore(prompt);
        double parkSeconds = (parkedNanos - startNanos) * 1e-9;
        double restoreSeconds = (System.nanoTime() - parkedNanos) * 1e-9;
        if (swapped < bytes || restored != COMMON) {
            throw new IllegalStateException("the cache was not swapped: %d bytes in files, %d tokens restored"
                    .formatted(swapped, restored));
        }
        print("swap of %d tokens, %d MB: park %.3f s, restore %.3f s, compute %.2f s, %.1f %% (bar 10 %%)%n", COMMON, bytes >> 20,
                parkSeconds, restoreSeconds, computeSeconds, 100 * (parkSeconds + restoreSeconds) / computeSeconds);
        cache.close(prompt);
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format, values);
    }
}
