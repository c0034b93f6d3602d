package dev.ondine.os;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.engine.GenerationOptions;
import dev.ondine.engine.Runner;
import dev.ondine.engine.SamplingOptions;
import dev.ondine.files.GgufFile;
import dev.ondine.fixtures.RandomModel;
import dev.ondine.models.LoadedModel;
import dev.ondine.os.memory.MemoryBudget;
import dev.ondine.os.memory.ParkingSpeeds;
import dev.ondine.os.memory.TaskMemory;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.ScalarKernels;
import dev.ondine.tensor.WorkerTeam;
import dev.ondine.text.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Through the kernel's door: who computes what, and who may have it. */
class SharedPrefixTest {

    private static final int[] SYSTEM = new Random(1).ints(100, 0, 256).toArray();

    @TempDir
    Path folder;

    private static int[] prompt(int seed) {
        int[] prompt = Arrays.copyOf(SYSTEM, 170);
        System.arraycopy(new Random(seed).ints(70, 0, 256).toArray(), 0, prompt, 100, 70);
        return prompt;
    }

    @Test
    void appsShareWhatIsMarkedAndNothingElse() {
        Path path = RandomModel.tiny("gemma3", NumberFormat.F32).write(folder.resolve("tiny.gguf"));
        try (GgufFile file = GgufFile.open(path); WorkerTeam team = new WorkerTeam(1);
             LoadedModel model = LoadedModel.of(file, new ScalarKernels(team), 256);
             Runner runner = new Runner(model, 256, 4, 256, 4);
             TaskMemory memory = new TaskMemory(runner.cache(),
                     new MemoryBudget(runner.cache().capacityBytes()).claim("tiny", MemoryBudget.Use.KV_CACHE, 0), Optional.empty(),
                     new ParkingSpeeds(100));
             Kernel kernel = new Kernel(new FirstComePolicy(), SchedulerSettings.STANDARD)) {
            EngineRunner engine = new EngineRunner("tiny", "tiny", runner, Tokenizer.of(file.metadata()), PebbleEngine.costs(256), 256, 4, memory);
            Asker asker = new Asker(kernel, engine);
            TaskResult first = asker.ask("one", prompt(2), 100);
            assertThat(first.cachedPromptTokens()).isZero();
            TaskResult again = asker.ask("one", prompt(2), 100);
            assertThat(again.cachedPromptTokens()).isEqualTo(160);
            assertThat(again.tokens()).isEqualTo(first.tokens());
            TaskResult other = asker.ask("two", prompt(2), 0);
            assertThat(other.cachedPromptTokens()).isEqualTo(96);
            assertThat(other.tokens()).isEqualTo(first.tokens());
            assertThat(asker.ask("three", prompt(3), 100).cachedPromptTokens()).isEqualTo(96);
            assertThat(kernel.caches(engine).tasks()).isEmpty();
            assertThat(kernel.caches(engine).prefixBytes()).isEqualTo(runner.cache().usedBytes()).isPositive();
        }
    }

    private record Asker(Kernel kernel, EngineRunner engine) {

        TaskResult ask(String app, int[] prompt, int shareable) {
            GenerationOptions greedy = new GenerationOptions(8, SamplingOptions.GREEDY, List.of()).ignoringEnd(true);
            return kernel.submit(engine, TaskTerms.FOREGROUND.ofApp(app), new Work.CompletionWork(prompt, shareable, greedy))
                    .result().join();
        }
    }
}
