package dev.ondine.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ondine.engine.GeneratedToken;
import dev.ondine.engine.GenerationOptions;
import dev.ondine.engine.Runner;
import dev.ondine.engine.SamplingOptions;
import dev.ondine.files.GgufFile;
import dev.ondine.fixtures.RandomModel;
import dev.ondine.kernels.machine.Host;
import dev.ondine.kernels.machine.Isa;
import dev.ondine.kernels.machine.MachineKernels;
import dev.ondine.kernels.machine.Pages;
import dev.ondine.kernels.machine.Processor;
import dev.ondine.kernels.panel.PackedWeights;
import dev.ondine.kernels.panel.PackingListener;
import dev.ondine.models.LoadedModel;
import dev.ondine.os.memory.MemoryBudget;
import dev.ondine.os.memory.MemorySnapshot.CacheForm;
import dev.ondine.os.memory.ParkingSpeeds;
import dev.ondine.os.memory.SwapFolder;
import dev.ondine.os.memory.TaskMemory;
import dev.ondine.pebble.Pebble;
import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.ScalarKernels;
import dev.ondine.tensor.WorkerTeam;
import dev.ondine.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A task that is preempted, parked, swapped, dropped and restored any number of times, in any company, says what it says undisturbed:
 * the same tokens, greedy and by seed.
 */
class ExactResumeTest {

    private static final int CONTEXT = 256;
    private static final int ROWS = 64;
    private static final int TASKS = 6;
    /** This task may be compressed and say what it likes; the others, before and after it, must not have any of it. */
    private static final int LOSSY = 2;

    @TempDir
    Path folder;

    /** How often caches were seen where. */
    private final Map<CacheForm, Integer> seen = new EnumMap<>(CacheForm.class);

    @Test
    void onMachineCode() throws IOException {
        Path path = RandomModel.tiny("llama", NumberFormat.Q8_0).write(folder.resolve("llama.gguf"));
        try (GgufFile file = GgufFile.open(path)) {
            onMachineCode(file, 150);
        }
        assertThat(seen).containsKey(CacheForm.COMPRESSED);
    }

    @Test
    void withASlidingWindow() throws IOException {
        Path path = RandomModel.tiny("gemma3", NumberFormat.Q4_0).write(folder.resolve("gemma3.gguf"));
        try (GgufFile file = GgufFile.open(path)) {
            onMachineCode(file, 60);
        }
        assertThat(seen).containsKey(CacheForm.COMPRESSED);
    }

    @Test
    void onTheEmbeddedModel() throws IOException {
        try (InputStream bytes = Pebble.open(); GgufFile file = GgufFile.read(Pebble.NAME, bytes, Pebble.BYTES)) {
            onMachineCode(file, 10);
        }
    }

    @Test
    void onScalarKernels() throws IOException {
        Path path = RandomModel.tiny("gemma2", NumberFormat.F32).write(folder.resolve("gemma2.gguf"));
        try (GgufFile file = GgufFile.open(path); WorkerTeam team = new WorkerTeam(1)) {
            check(file, new ScalarKernels(team), 1);
        }
    }

    private void onMachineCode(GgufFile file, int cases) throws IOException {
        Host host = new Host(System.getProperty("os.name"), System.getProperty("os.arch"));
        assumeTrue(host.isLinux() && host.isX86() && !Processor.of(host).isas().isEmpty(), "no machine code for " + host);
        Isa isa = Processor.of(host).isas().getFirst();
        try (WorkerTeam team = new WorkerTeam(1);
             PackedWeights packed = PackedWeights.inMemory(LoadedModel.matrices(file), PackingListener.NONE, new Pages(host));
             MachineKernels kernels = new MachineKernels(isa, host, team, packed)) {
            check(file, kernels, cases);
        }
        assertThat(seen.keySet()).contains(CacheForm.RUNNING, CacheForm.KEPT, CacheForm.SWAPPED, CacheForm.NONE);
    }

    private void check(GgufFile file, Kernels kernels, int cases) throws IOException {
        Tokenizer tokenizer = Tokenizer.of(file.metadata());
        try (LoadedModel model = LoadedModel.of(file, kernels, ROWS)) {
            for (int seed = 0; seed < cases; seed++) {
                check(model, tokenizer, seed);
            }
            try (Runner runner = new Runner(model, CONTEXT, 1, ROWS, TASKS)) {
                assertThat(runner.cache().usedBytes()).isZero();
            }
        }
    }

    private void check(LoadedModel model, Tokenizer tokenizer, long seed) throws IOException {
        List<Work> works = works(model.facts().vocabSize(), new Random(seed));
        List<int[]> undisturbed = new ArrayList<>();
        for (Work work : works) {
            try (Disturbance alone = new Disturbance(model, tokenizer, new Random(seed), 4, Optional.empty())) {
                undisturbed.addAll(alone.run(List.of(work), false));
            }
        }
        Random random = new Random(seed);
        Optional<SwapFolder> swap = seed % 3 == 0 ? Optional.empty() : Optional.of(new SwapFolder(folder.resolve("swap"), 1 << 24));
        try (Disturbance disturbed = new Disturbance(model, tokenizer, random, 1.3 + random.nextDouble(), swap)) {
            List<int[]> found = disturbed.run(works, true);
            found.set(LOSSY, undisturbed.get(LOSSY));
            for (int task = 0; task < TASKS; task++) {
                assertThat(found.get(task)).as("case %d, task %d", seed, task).isEqualTo(undisturbed.get(task));
            }
        }
    }

    private static List<Work> works(int vocabSize, Random random) {
        int[] system = random.ints(40 + random.nextInt(60), 0, vocabSize).toArray();
        List<Work> works = new ArrayList<>();
        for (int task = 0; task < TASKS; task++) {
            int[] own = random.ints(1 + random.nextInt(90), 0, vocabSize).toArray();
            int common = random.nextInt(3) == 0 ? 0 : system.length;
            int[] prompt = Arrays.copyOf(system, common + own.length);
            System.arraycopy(own, 0, prompt, common, own.length);
            float temperature = random.nextBoolean() ? 0 : 1.1f;
            SamplingOptions sampling = new SamplingOptions(temperature, 0, 0.95f, 0, 1, 1.1f, 0, 0, 64, Map.of(), random.nextLong());
            works.add(new Work.CompletionWork(prompt, random.nextBoolean() ? common : 0,
                    new GenerationOptions(1 + random.nextInt(30), sampling, List.of()).ignoringEnd(true)));
        }
        return works;
    }

    /** A scheduler gone mad: it preempts, resumes and cuts prompts at random, in too little memory. */
    private final class Disturbance implements AutoCloseable, StepOutcome {

        private final Runner runner;
        private final TaskMemory memory;
        private final EngineRunner engine;
        private final Random random;
        private final Queue<Task> coming = new ArrayDeque<>();
        private final List<Task> alive = new ArrayList<>();
        private final Map<Long, int[]> answers = new HashMap<>();

        /** @param contexts of the longest sequence that there is memory for */
        Disturbance(LoadedModel model, Tokenizer tokenizer, Random random, double contexts, Optional<SwapFolder> swap) {
            this.random = random;
            runner = new Runner(model, CONTEXT, 1, ROWS, TASKS);
            long bytes = (long) (contexts * model.facts().kvLayout().bytesFor(CONTEXT, ROWS));
            MemoryBudget.Claim claim = new MemoryBudget(bytes).claim("test", MemoryBudget.Use.KV_CACHE, bytes / 2);
            memory = new TaskMemory(runner.cache(), claim, swap, new ParkingSpeeds(random.nextBoolean() ? 100 : 1e6));
            // No step is predicted here.
            engine = new EngineRunner("test", "test", runner, tokenizer, null, ROWS, TASKS, memory);
        }

        List<int[]> run(List<Work> works, boolean disturb) {
            for (int index = 0; index < works.size(); index++) {
                Work work = works.get(index);
                TaskTerms terms = TaskTerms.FOREGROUND.ofApp(index % 2 == 0 ? "a" : "b").lossy(disturb && index == LOSSY);
                Task task = new Task(index, engine, terms, work.prompt().length, work.mostTokens(), 0);
                engine.add(task, work, engine.content(work, new Collected()));
                coming.add(task);
            }
            while (!alive.isEmpty() || !coming.isEmpty()) {
                if (!coming.isEmpty() && (alive.isEmpty() || random.nextInt(3) == 0)) {
                    alive.add(coming.remove());
                }
                if (disturb) {
                    disturb();
                }
                step(disturb);
            }
            return LongStream.range(0, works.size()).mapToObj(answers::get).collect(Collectors.toCollection(ArrayList::new));
        }

        private void disturb() {
            for (Task task : alive) {
                if (task.state == TaskState.RUNNING && random.nextInt(6) == 0) {
                    park(task);
                }
            }
            memory.snapshot().tasks().forEach(task -> seen.merge(task.form(), 1, Integer::sum));
            if (random.nextInt(20) == 0) {
                memory.shrinkTo(memory.snapshot().capacityBytes() / 2);
            }
        }

        private void park(Task task) {
            engine.park(task);
            task.state = TaskState.PARKED;
        }

        private void step(boolean disturb) {
            StepPlan plan = new StepPlan(engine);
            for (Task task : new ArrayList<>(alive)) {
                if (!disturb || plan.rows() == 0 || random.nextInt(3) > 0) {
                    join(plan, task, disturb);
                }
            }
            if (plan.shares().isEmpty()) {
                // Too many hold a little: nobody can go on until some give way.
                alive.stream().filter(task -> task.state == TaskState.RUNNING).forEach(this::park);
                Collections.rotate(alive, 1);
                return;
            }
            engine.run(plan, this);
            plan.shares().forEach(share -> share.task().computed += share.tokens());
        }

        private void join(StepPlan plan, Task task, boolean disturb) {
            int room = Math.min(task.length, ROWS - plan.rows());
            if (room == 0) {
                return;
            }
            if (task.state != TaskState.RUNNING) {
                int kept = engine.restore(task);
                if (kept < 0) {
                    return;
                }
                task.computed = kept;
                task.state = TaskState.RUNNING;
            }
            int most = Math.min(task.pending(), room);
            int tokens = disturb && random.nextBoolean() ? 1 + random.nextInt(most) : most;
            if (engine.reserve(task, tokens)) {
                plan.add(task, tokens);
            }
        }

        @Override
        public void generated(Task task) {
            task.length++;
        }

        @Override
        public void ended(Task task) {
            task.length++;
            alive.remove(task);
            engine.release(task);
        }

        @Override
        public void over(Task task) {
            throw new IllegalStateException("every task gets a token here");
        }

        @Override
        public void blocked(Task task) {
            throw new IllegalStateException("nobody waits for tools here");
        }

        @Override
        public void close() {
            memory.close();
            assertThat(runner.cache().usedBytes()).as("bytes that nobody gave back").isZero();
            runner.close();
        }

        /** Takes the result. */
        private final class Collected implements TaskListener {

            @Override
            public void promptScores(List<GeneratedToken> tokens) {
                throw new IllegalStateException("nobody asked for scores");
            }

            @Override
            public void token(GeneratedToken token) {
                // The result has all of them.
            }

            @Override
            public void answered(String rest) {
                throw new IllegalStateException("nobody waits for tools here");
            }

            @Override
            public void done(String rest, TaskResult result) {
                answers.put(result.id(), result.tokens());
            }
        }
    }
}
