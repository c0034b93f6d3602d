package dev.ondine.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.files.GgufFile;
import dev.ondine.fixtures.RandomModel;
import dev.ondine.kernels.VectorKernels;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.WorkerTeam;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What must not change a result: how a prompt is cut into chunks, who else is in the batch, whose prefix it was. */
class ModelLawsTest {

    static final List<String> ARCHITECTURES = RandomModel.ARCHITECTURES;

    private static final int CAPACITY = 48;
    private static final int LENGTH = 150;
    /** Of the largest absolute logit: batch sizes choose other summation orders, and keys and values round to F16. */
    private static final double TOLERANCE = 2e-3;

    @TempDir
    Path folder;

    /** A tiny model in use: batches go in, logits of every row come out. */
    private record Bench(Model model, KvBlockPool pool, Batch batch, Matrix logits) {

        /** Adds one row; the caller runs. */
        void add(SequenceState sequence, int token) {
            batch.add(sequence, token, true);
        }

        List<float[]> run() {
            model.forward(batch, logits);
            batch.clear();
            List<float[]> rows = new ArrayList<>();
            for (int row = 0; row < logits.rows(); row++) {
                rows.add(new float[logits.columns()]);
                logits.copyRow(row, rows.getLast());
            }
            return rows;
        }

        /** Logits after every token, run one by one. */
        List<float[]> oneByOne(SequenceState sequence, int[] tokens) {
            List<float[]> rows = new ArrayList<>();
            for (int token : tokens) {
                add(sequence, token);
                rows.addAll(run());
            }
            return rows;
        }

        List<float[]> inChunks(SequenceState sequence, int[] tokens, Random random) {
            List<float[]> rows = new ArrayList<>();
            for (int from = 0; from < tokens.length; ) {
                int to = Math.min(tokens.length, from + 1 + random.nextInt(CAPACITY));
                for (; from < to; from++) {
                    add(sequence, tokens[from]);
                }
                rows.addAll(run());
            }
            return rows;
        }
    }

    private void with(String architecture, Consumer<Bench> check) {
        Path path = RandomModel.tiny(architecture, NumberFormat.Q8_0).write(folder.resolve("tiny.gguf"));
        try (GgufFile file = GgufFile.open(path);
             WorkerTeam team = new WorkerTeam(2);
             LoadedModel model = LoadedModel.of(file, new VectorKernels(team), CAPACITY);
             KvBlockPool pool = new KvBlockPool(model.facts().kvLayout(), 1 << 26);
             Arena arena = Arena.ofShared()) {
            Matrix logits = Matrix.allocate(arena, CAPACITY, model.facts().vocabSize());
            check.accept(new Bench(model, pool, new Batch(CAPACITY, model.facts().kvLayout()), logits));
            assertThat(pool.usedBytes()).as("cache bytes given back").isZero();
        }
    }

    @ParameterizedTest
    @FieldSource("ARCHITECTURES")
    void anyChunkingOfThePromptEqualsTokenByToken(String architecture) {
        with(architecture, bench -> {
            int[] tokens = tokens(1, LENGTH);
            try (SequenceState single = bench.pool.newSequence();
                 SequenceState chunked = bench.pool.newSequence();
                 SequenceState otherwise = bench.pool.newSequence()) {
                List<float[]> expected = bench.oneByOne(single, tokens);
                assertAgree(bench.inChunks(chunked, tokens, new Random(2)), expected);
                assertAgree(bench.inChunks(otherwise, tokens, new Random(3)), expected);
            }
        });
    }

    @ParameterizedTest
    @FieldSource("ARCHITECTURES")
    void batchedEqualsAlone(String architecture) {
        with(architecture, bench -> {
            int[][] tokens = {tokens(4, LENGTH), tokens(5, LENGTH), tokens(6, LENGTH)};
            List<SequenceState> together = List.of(bench.pool.newSequence(), bench.pool.newSequence(), bench.pool.newSequence());
            List<List<float[]>> found = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (int step = 0; step < LENGTH; step++) {
                for (int i = 0; i < 3; i++) {
                    bench.add(together.get(i), tokens[i][step]);
                }
                List<float[]> rows = bench.run();
                for (int i = 0; i < 3; i++) {
                    found.get(i).add(rows.get(i));
                }
            }
            for (int i = 0; i < 3; i++) {
                together.get(i).close();
                try (SequenceState alone = bench.pool.newSequence()) {
                    assertAgree(found.get(i), bench.oneByOne(alone, tokens[i]));
                }
            }
        });
    }

    @ParameterizedTest
    @FieldSource("ARCHITECTURES")
    void aForkedPrefixEqualsAnOwnPrefix(String architecture) {
        with(architecture, bench -> {
            int[] prefix = tokens(7, 77);
            int[] left = tokens(8, 40);
            int[] right = tokens(9, 40);
            try (SequenceState first = bench.pool.newSequence(); SequenceState own = bench.pool.newSequence()) {
                bench.inChunks(first, prefix, new Random(1));
                SequenceState fork = first.fork();
                List<float[]> leftRows = bench.oneByOne(first, left);
                List<float[]> rightRows = bench.oneByOne(fork, right);
                fork.close();
                bench.inChunks(own, prefix, new Random(1));
                try (SequenceState ownRight = own.fork()) {
                    assertAgree(rightRows, bench.oneByOne(ownRight, right));
                }
                assertAgree(leftRows, bench.oneByOne(own, left));
            }
        });
    }

    @ParameterizedTest
    @FieldSource("ARCHITECTURES")
    void whatIsTruncatedLeavesNoTrace(String architecture) {
        with(architecture, bench -> {
            int[] tokens = tokens(10, 100);
            try (SequenceState straight = bench.pool.newSequence(); SequenceState detour = bench.pool.newSequence()) {
                bench.inChunks(detour, tokens, new Random(1));
                bench.inChunks(detour, tokens(11, SequenceState.ROLLBACK_POSITIONS), new Random(1));
                detour.truncate(100);
                bench.inChunks(straight, tokens, new Random(1));
                assertAgree(bench.oneByOne(detour, tokens(12, 20)), bench.oneByOne(straight, tokens(12, 20)));
            }
        });
    }

    private static int[] tokens(int seed, int count) {
        return new Random(seed).ints(count, 0, 256).toArray();
    }

    private static void assertAgree(List<float[]> found, List<float[]> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int row = 0; row < found.size(); row++) {
            double largest = 0;
            double worst = 0;
            for (int i = 0; i < expected.get(row).length; i++) {
                largest = Math.max(largest, Math.abs(expected.get(row)[i]));
                worst = Math.max(worst, Math.abs(expected.get(row)[i] - found.get(row)[i]));
            }
            assertThat(worst).as("row %d", row).isLessThanOrEqualTo(TOLERANCE * largest);
        }
    }
}
