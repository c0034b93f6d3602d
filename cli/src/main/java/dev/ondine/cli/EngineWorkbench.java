package dev.ondine.cli;

import dev.ondine.api.start.ChosenKernels;
import dev.ondine.api.start.KernelChoice;
import dev.ondine.api.start.StartedModel;
import dev.ondine.engine.Runner;
import dev.ondine.explorer.calibrate.LowerQuartile;
import dev.ondine.explorer.calibrate.TimedModel;
import dev.ondine.explorer.calibrate.Workbench;
import dev.ondine.files.GgufFile;
import dev.ondine.models.LoadedModel;
import dev.ondine.models.SequenceState;
import dev.ondine.roofline.cost.Step;
import dev.ondine.synth.SynthModel;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.WorkerTeam;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** Models with random weights on this machine's engine, each in a file that is gone when it closes. */
final class EngineWorkbench implements Workbench {

    private static final int LEAST_REPETITIONS = 2;

    private final WorkerTeam team;
    private final KernelChoice kernels;
    private final Console console;

    /** @param team borrowed */
    EngineWorkbench(WorkerTeam team, KernelChoice kernels, Console console) {
        this.team = team;
        this.kernels = kernels;
        this.console = console;
    }

    @Override
    public int threads() {
        return team.size();
    }

    @Override
    public TimedModel open(SynthModel model, NumberFormat kvFormat, int contextLength, int sequences) {
        return new Timed(model, kvFormat, contextLength, sequences);
    }

    private final class Timed implements TimedModel {

        private final Deque<Runnable> owned = new ArrayDeque<>();
        private final Random random = new Random(1);
        private final List<SequenceState> states = new ArrayList<>();
        private final Runner runner;

        Timed(SynthModel synth, NumberFormat kvFormat, int contextLength, int sequences) {
            try {
                Path path = Files.createTempFile("ondine-", ".gguf");
                owned.push(() -> delete(path));
                synth.write(path, team);
                GgufFile file = GgufFile.open(path);
                owned.push(file::close);
                PackingProgress progress = new PackingProgress(console);
                ChosenKernels chosen = ChosenKernels.ofPassing(kernels, file, team, progress);
                owned.push(chosen::close);
                int rows = Math.max(StartedModel.BATCH_ROWS, sequences);
                LoadedModel model = LoadedModel.of(file, chosen.kernels(), rows, Optional.of(kvFormat));
                owned.push(model::close);
                chosen.loaded();
                progress.close();
                chosen.settle();
                runner = new Runner(model, contextLength, sequences, rows, rows);
                owned.push(runner::close);
            } catch (IOException e) {
                close();
                throw new UncheckedIOException(e);
            } catch (RuntimeException | Error e) {
                close();
                throw e;
            }
        }

        @Override
        public double seconds(Step step, double budgetSeconds) {
            return quartile(budgetSeconds, () -> {
                prepare(step.sequences(), (int) step.depth());
                addRows(step);
            }, runner::run);
        }

        @Override
        public double promptSeconds(int tokens, double budgetSeconds) {
            return quartile(budgetSeconds, () -> prepare(1, 0), () -> read(states.getFirst(), tokens));
        }

        /** A first repetition that takes the whole budget counts as well; a shorter one only warms up. */
        private static double quartile(double budgetSeconds, Runnable before, Runnable timed) {
            List<Double> seconds = new ArrayList<>();
            double spent = 0;
            double first = once(before, timed);
            if (first > budgetSeconds) {
                seconds.add(first);
            }
            while (seconds.size() < LEAST_REPETITIONS || spent < budgetSeconds) {
                seconds.add(once(before, timed));
                spent += seconds.getLast();
            }
            return LowerQuartile.of(seconds);
        }

        private static double once(Runnable before, Runnable timed) {
            before.run();
            long startNanos = System.nanoTime();
            timed.run();
            return (System.nanoTime() - startNanos) * 1e-9;
        }

        /** So many sequences of this length; those that are there already go back to it. */
        private void prepare(int sequences, int depth) {
            while (states.size() > sequences) {
                states.removeLast().close();
            }
            while (states.size() < sequences) {
                states.add(runner.newSequence());
            }
            for (SequenceState state : states) {
                boolean kept = state.length() >= depth && state.canTruncate(depth);
                state.truncate(kept ? depth : 0);
                read(state, depth - state.length());
            }
        }

        private void addRows(Step step) {
            int each = step.rows() / step.sequences();
            boolean all = step.logitsRows() == step.rows();
            for (SequenceState state : states) {
                for (int row = 0; row < each; row++) {
                    runner.add(state, token(), all || step.logitsRows() > 0 && row == each - 1);
                }
            }
        }

        private void read(SequenceState state, int count) {
            int[] tokens = IntStream.generate(this::token).limit(count).toArray();
            for (int next = 0; next < count; ) {
                next = runner.read(state, tokens, next);
            }
        }

        private int token() {
            return random.nextInt(runner.model().facts().vocabSize());
        }

        @Override
        public void close() {
            states.forEach(SequenceState::close);
            states.clear();
            while (!owned.isEmpty()) {
                owned.pop().run();
            }
        }

        private static void delete(Path path) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
