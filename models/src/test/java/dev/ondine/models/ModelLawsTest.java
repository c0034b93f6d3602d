package dev.ondine.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.files.GgufFile;
import dev.ondine.fixtures.RandomModel;
import dev.ondine.kernels.VectorKernels;
import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.ScalarKernels;
import dev.ondine.tensor.WorkerTeam;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
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
    /** Keys and values rounded to 8 bits; random weights make sharp attention, which one rounded key can turn. */
    private static final double COMPRESSED_TOLERANCE = 0.2;

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
            return rows(logits);
        }

        /** Adds one row whose embedding is wanted. */
        void addForEmbedding(SequenceState sequence, int token) {
            batch.addForEmbedding(sequence, token);
        }

        List<float[]> runForEmbeddings() {
            model.forward(batch, logits);
            batch.clear();
            return rows(model.embeddings());
        }

        private static List<float[]> rows(Matrix matrix) {
            List<float[]> rows = new ArrayList<>();
            for (int row = 0; row < matrix.rows(); row++) {
                rows.add(new float[matrix.columns()]);
                matrix.copyRow(row, rows.getLast());
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
        with(architecture, VectorKernels::new, check);
    }

    private void with(String architecture, Function<WorkerTeam, Kernels> kernels, Consumer<Bench> check) {
        Path path = RandomModel.tiny(architecture, NumberFormat.Q8_0).write(folder.resolve("tiny.gguf"));
        try (GgufFile file = GgufFile.open(path);
             WorkerTeam team = new WorkerTeam(2);
             LoadedModel model = LoadedModel.of(file, kernels.apply(team), CAPACITY);
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

    /** Rows that want an embedding, logits or nothing, of two sequences, mixed in one batch. */
    @ParameterizedTest
    @FieldSource("ARCHITECTURES")
    void anEmbeddingIsTheSameInAnyBatch(String architecture) {
        with(architecture, bench -> {
            int[] tokens = tokens(13, 60);
            int[] others = tokens(14, 60);
            List<float[]> expected = new ArrayList<>();
            List<float[]> found = new ArrayList<>();
            try (SequenceState alone = bench.pool.newSequence(); SequenceState mixed = bench.pool.newSequence();
                 SequenceState other = bench.pool.newSequence()) {
                for (int token : tokens) {
                    bench.addForEmbedding(alone, token);
                    expected.addAll(bench.runForEmbeddings());
                    assertThat(bench.logits.rows()).isZero();
                }
                for (int from = 0; from < tokens.length; from += 20) {
                    for (int i = from; i < from + 20; i++) {
                        bench.addForEmbedding(mixed, tokens[i]);
                        bench.batch.add(other, others[i], i % 3 == 0);
                    }
                    found.addAll(bench.runForEmbeddings());
                    assertThat(bench.logits.rows()).isEqualTo((int) IntStream.range(from, from + 20).filter(i -> i % 3 == 0).count());
                }
            }
            assertThat(expected).hasSize(60).allMatch(row -> row.length == 256);
            assertAgree(found, expected);
        });
    }

    /** Logits are a product of the embedding: rows that wish for either must be gathered and normed alike. */
    @ParameterizedTest
    @FieldSource("ARCHITECTURES")
    void rowsWithLogitsDoNotDisturbEmbeddings(String architecture) {
        with(architecture, bench -> {
            int[] tokens = tokens(15, 40);
            try (SequenceState single = bench.pool.newSequence(); SequenceState mixed = bench.pool.newSequence()) {
                List<float[]> expected = bench.oneByOne(single, tokens);
                for (int i = 0; i < tokens.length; i++) {
                    if (i % 4 == 3) {
                        bench.add(mixed, tokens[i]);
                    } else {
                        bench.addForEmbedding(mixed, tokens[i]);
                    }
                }
                assertAgree(bench.run(), IntStream.range(0, 40).filter(i -> i % 4 == 3).mapToObj(expected::get).toList());
                assertThat(bench.model.embeddings().rows()).isEqualTo(30);
            }
        });
    }

    /** By scalar kernels: the Vector API sums lanes in another order once the compiler has compiled a loop. */
    @ParameterizedTest
    @FieldSource("ARCHITECTURES")
    void aSequenceFromAFileContinuesToTheBit(String architecture) {
        with(architecture, ScalarKernels::new, bench -> {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            try (SequenceState written = bench.pool.newSequence()) {
                bench.inChunks(written, tokens(16, 110), new Random(1));
                written.write(Channels.newChannel(file));
                try (SequenceState read = bench.pool.read(Channels.newChannel(new ByteArrayInputStream(file.toByteArray())))) {
                    List<float[]> expected = bench.oneByOne(written, tokens(17, 40));
                    assertThat(bench.oneByOne(read, tokens(17, 40))).containsExactlyElementsOf(expected);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @ParameterizedTest
    @FieldSource("ARCHITECTURES")
    void aCompressedSequenceContinuesNearly(String architecture) {
        with(architecture, bench -> {
            try (SequenceState exact = bench.pool.newSequence()) {
                bench.inChunks(exact, tokens(18, 110), new Random(1));
                try (CompressedKv compressed = CompressedKv.of(exact); SequenceState restored = compressed.restore()) {
                    List<float[]> found = bench.oneByOne(restored, tokens(19, 40));
                    assertAgree(found, bench.oneByOne(exact, tokens(19, 40)), COMPRESSED_TOLERANCE);
                }
            }
        });
    }

    private static int[] tokens(int seed, int count) {
        return new Random(seed).ints(count, 0, 256).toArray();
    }

    private static void assertAgree(List<float[]> found, List<float[]> expected) {
        assertAgree(found, expected, TOLERANCE);
    }

    private static void assertAgree(List<float[]> found, List<float[]> expected, double tolerance) {
        assertThat(found).hasSameSizeAs(expected);
        for (int row = 0; row < found.size(); row++) {
            double largest = 0;
            double worst = 0;
            for (int i = 0; i < expected.get(row).length; i++) {
                largest = Math.max(largest, Math.abs(expected.get(row)[i]));
                worst = Math.max(worst, Math.abs(expected.get(row)[i] - found.get(row)[i]));
            }
            assertThat(worst).as("row %d", row).isLessThanOrEqualTo(tolerance * largest);
        }
    }
}
