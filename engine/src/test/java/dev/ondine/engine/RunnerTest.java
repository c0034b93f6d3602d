package dev.ondine.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.files.GgufFile;
import dev.ondine.fixtures.RandomModel;
import dev.ondine.models.CapacityException;
import dev.ondine.models.LoadedModel;
import dev.ondine.models.SequenceState;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.ScalarKernels;
import dev.ondine.tensor.WorkerTeam;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of several sequences in one step, for logits, for embeddings, or for neither. */
class RunnerTest {

    private static final int ROWS = 16;

    @TempDir
    Path folder;

    private void with(Consumer<Runner> check) {
        Path path = RandomModel.tiny("gemma3", NumberFormat.Q8_0).write(folder.resolve("tiny.gguf"));
        try (GgufFile file = GgufFile.open(path);
             WorkerTeam team = new WorkerTeam(1);
             LoadedModel loaded = LoadedModel.of(file, new ScalarKernels(team), ROWS);
             Runner runner = new Runner(loaded, 128, 2, ROWS, 2)) {
            check.accept(runner);
            assertThat(runner.cache().usedBytes()).isZero();
        }
    }

    private static int[] tokens(int seed, int count) {
        return new Random(seed).ints(count, 0, 256).toArray();
    }

    @Test
    void decodeRowsPrefillRowsAndEmbeddingsShareAStep() {
        with(runner -> {
            try (SequenceState decoding = runner.newSequence(); SequenceState reading = runner.newSequence();
                 SequenceState embedding = runner.newSequence(); SequenceState alone = runner.newSequence()) {
                runner.read(decoding, tokens(1, 10), 0);
                runner.read(alone, tokens(1, 10), 0);
                runner.add(decoding, 7, true);
                for (int token : tokens(2, 5)) {
                    runner.add(reading, token, false);
                    runner.addForEmbedding(embedding, token);
                }
                assertThat(runner.run().rows()).isEqualTo(1);
                assertThat(runner.embeddings().rows()).isEqualTo(5);
                float[] together = row(runner);
                runner.add(alone, 7, true);
                runner.run();
                assertThat(runner.embeddings().rows()).isZero();
                assertThat(together).isEqualTo(row(runner));
            }
        });
    }

    private static float[] row(Runner runner) {
        float[] row = new float[runner.logits().columns()];
        runner.logits().copyRow(0, row);
        return row;
    }

    /** More embeddings than rows of logits that the runner has room for. */
    @Test
    void everyRowOfAStepMayBeEmbedded() {
        with(runner -> {
            try (SequenceState sequence = runner.newSequence()) {
                for (int token : tokens(3, ROWS)) {
                    runner.addForEmbedding(sequence, token);
                }
                assertThatThrownBy(() -> runner.addForEmbedding(sequence, 1)).isInstanceOf(CapacityException.class);
                assertThat(sequence.length()).isZero();
                for (int token : tokens(3, ROWS)) {
                    runner.addForEmbedding(sequence, token);
                }
                runner.run();
                assertThat(runner.embeddings().rows()).isEqualTo(ROWS);
                assertThat(runner.embeddings().columns()).isEqualTo(256);
            }
        });
    }
}
