package dev.ondine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.files.GgufFile;
import dev.ondine.fixtures.RandomModel;
import dev.ondine.kernels.VectorKernels;
import dev.ondine.models.LoadedModel;
import dev.ondine.models.SequenceState;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.WorkerTeam;
import dev.ondine.testkit.AllocatedBytes;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Decoding allocates nothing on the heap once it is warm. One thread, so that the caller's count is the whole. */
class SteadyStateTest {

    private static final int TOKENS = 300;
    /** The steady state begins when the compiler is done, which a busy machine delays. */
    private static final int MOST_ROUNDS = 100;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"llama, Q8_0", "gemma3, F16", "qwen3, Q4_K"})
    void aDecodedTokenAllocatesNothing(String architecture, NumberFormat format) {
        Path path = RandomModel.tiny(architecture, format).write(folder.resolve("tiny.gguf"));
        try (GgufFile file = GgufFile.open(path);
             WorkerTeam team = new WorkerTeam(1);
             LoadedModel model = LoadedModel.of(file, new VectorKernels(team), 8);
             Runner runner = new Runner(model, 512, 1, 8, 1);
             SequenceState sequence = runner.newSequence()) {
            Decoder decoder = new Decoder(runner, sequence);
            long bytes = Long.MAX_VALUE;
            for (int round = 0; round < MOST_ROUNDS && bytes >= TOKENS; round++) {
                sequence.truncate(0);
                bytes = AllocatedBytes.during(() -> decoder.decode(TOKENS));
            }
            assertThat(bytes).as("heap bytes of %d tokens", TOKENS).isLessThan(TOKENS);
        }
    }

    /** The decode loop of a generation without its text. */
    private static final class Decoder {

        private final Runner runner;
        private final SequenceState sequence;
        private final Sampler sampler;
        private final Logits logits;
        private final int[] history = new int[TOKENS];

        Decoder(Runner runner, SequenceState sequence) {
            this.runner = runner;
            this.sequence = sequence;
            this.logits = new Logits(runner.model().facts().vocabSize());
            this.sampler = new Sampler(new SamplingOptions(0.8f, 40, 0.95f, 0.05f, 1, 1.1f, 0, 0, 64, Map.of(), 1), new SamplingRoom(logits.vocabSize()));
        }

        void decode(int tokens) {
            int token = 1;
            for (int i = 0; i < tokens; i++) {
                history[i] = token;
                runner.add(sequence, token, true);
                token = sampler.sample(logits.copyFrom(runner.run(), 0), history, i + 1);
            }
        }
    }
}
