package dev.ondine.os;

import dev.ondine.engine.FinishReason;
import dev.ondine.engine.GenerationOptions;
import dev.ondine.engine.SamplingOptions;
import dev.ondine.os.RecordReader.DamagedException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** What tasks and results look like in a journal. */
final class StoredTaskCodec {

    /** Of the form of the records; files of another are not read. */
    private static final int VERSION = 1;

    private StoredTaskCodec() {
    }

    static void write(StoredTask task, RecordWriter out) {
        out.add(VERSION).add(task.id()).add(task.submitted().toEpochMilli()).add(task.model()).add(task.identity());
        write(task.terms(), out);
        out.add(task.keepsake().grammar()).add(task.keepsake().client());
        switch (task.work()) {
            case Work.CompletionWork work -> {
                out.add(false).add(work.prompt()).add(work.shareable()).add(work.goesOn());
                write(work.options(), out);
            }
            case Work.EmbeddingWork work -> out.add(true).add(work.prompt()).add(work.pooling().name());
        }
    }

    static StoredTask readTask(RecordReader in) {
        int version = in.nextInt();
        if (version != VERSION) {
            throw new DamagedException("it has form %d, expected %d: another release wrote it".formatted(version, VERSION));
        }
        long id = in.nextLong();
        Instant submitted = Instant.ofEpochMilli(in.nextLong());
        String model = in.nextString();
        String identity = in.nextString();
        TaskTerms terms = readTerms(in);
        Keepsake keepsake = new Keepsake(in.nextString(), in.nextString());
        return new StoredTask(id, submitted, model, identity, terms, checked(() -> readWork(in)), keepsake);
    }

    private static Work readWork(RecordReader in) {
        if (in.nextBoolean()) {
            return new Work.EmbeddingWork(in.nextInts(), in.nextOf(Work.Pooling.class));
        }
        int[] prompt = in.nextInts();
        int shareable = in.nextInt();
        boolean goesOn = in.nextBoolean();
        return new Work.CompletionWork(prompt, shareable, readOptions(in), goesOn);
    }

    private static void write(TaskTerms terms, RecordWriter out) {
        out.add(terms.app()).add(terms.priority().name()).add(terms.weight());
        out.add(terms.deadline().firstToken().toNanos()).add(terms.deadline().tokens()).add(terms.deadline().completion().toNanos());
        out.add(terms.budget().tokens()).add(terms.budget().compute().toNanos()).add(terms.budget().joules());
        out.add(terms.after().size());
        terms.after().forEach(out::add);
        out.add(terms.durable()).add(terms.lossy());
    }

    private static TaskTerms readTerms(RecordReader in) {
        return checked(() -> {
            String app = in.nextString();
            PriorityClass priority = in.nextOf(PriorityClass.class);
            double weight = in.nextDouble();
            Deadline deadline = new Deadline(Duration.ofNanos(in.nextLong()), in.nextInt(), Duration.ofNanos(in.nextLong()));
            Budget budget = new Budget(in.nextLong(), Duration.ofNanos(in.nextLong()), in.nextDouble());
            Set<Long> after = new HashSet<>();
            for (int count = in.nextCount(Long.BYTES); count > 0; count--) {
                after.add(in.nextLong());
            }
            return new TaskTerms(app, priority, weight, deadline, budget, after, in.nextBoolean(), in.nextBoolean());
        });
    }

    private static void write(GenerationOptions options, RecordWriter out) {
        SamplingOptions sampling = options.sampling();
        out.add(options.maxTokens()).add(options.scores()).add(options.promptScores()).add(options.ignoresEnd());
        write(List.copyOf(options.shownMarks()), out);
        write(options.stop(), out);
        out.add(sampling.temperature()).add(sampling.topK()).add(sampling.topP()).add(sampling.minP()).add(sampling.typicalP());
        out.add(sampling.repetitionPenalty()).add(sampling.presencePenalty()).add(sampling.frequencyPenalty());
        out.add(sampling.penaltyWindow()).add(sampling.seed()).add(sampling.logitBias().size());
        sampling.logitBias().forEach((token, bias) -> out.add(token).add(bias));
    }

    private static GenerationOptions readOptions(RecordReader in) {
        int maxTokens = in.nextInt();
        int scores = in.nextInt();
        boolean promptScores = in.nextBoolean();
        boolean ignoresEnd = in.nextBoolean();
        Set<String> shownMarks = Set.copyOf(readStrings(in));
        List<String> stop = readStrings(in);
        return new GenerationOptions(maxTokens, readSampling(in), stop, scores, promptScores, ignoresEnd, Optional.empty(), shownMarks);
    }

    private static SamplingOptions readSampling(RecordReader in) {
        float temperature = in.nextFloat();
        int topK = in.nextInt();
        float topP = in.nextFloat();
        float minP = in.nextFloat();
        float typicalP = in.nextFloat();
        float repetition = in.nextFloat();
        float presence = in.nextFloat();
        float frequency = in.nextFloat();
        int window = in.nextInt();
        long seed = in.nextLong();
        Map<Integer, Float> bias = new HashMap<>();
        for (int count = in.nextCount(Integer.BYTES + Float.BYTES); count > 0; count--) {
            bias.put(in.nextInt(), in.nextFloat());
        }
        return new SamplingOptions(temperature, topK, topP, minP, typicalP, repetition, presence, frequency, window, bias, seed);
    }

    private static void write(List<String> texts, RecordWriter out) {
        out.add(texts.size());
        texts.forEach(out::add);
    }

    private static List<String> readStrings(RecordReader in) {
        return IntStream.range(0, in.nextCount(Integer.BYTES)).mapToObj(_ -> in.nextString()).toList();
    }

    static void write(TaskResult result, RecordWriter out) {
        TaskResult.Timings timings = result.timings();
        out.add(result.id()).add(result.finishReason().name()).add(result.promptTokens()).add(result.cachedPromptTokens());
        out.add(result.tokens()).add(result.text()).add(result.embedding()).add(result.problem());
        out.add(timings.queued().toNanos()).add(timings.firstToken().toNanos());
        out.add(timings.total().toNanos()).add(timings.compute().toNanos());
    }

    static TaskResult readResult(RecordReader in) {
        return new TaskResult(in.nextLong(), in.nextOf(FinishReason.class), in.nextInt(), in.nextInt(), in.nextInts(), in.nextString(),
                in.nextFloats(), in.nextString(), new TaskResult.Timings(Duration.ofNanos(in.nextLong()), Duration.ofNanos(in.nextLong()),
                Duration.ofNanos(in.nextLong()), Duration.ofNanos(in.nextLong())));
    }

    /** Values that their types do not take are as wrong as a wrong checksum. */
    private static <T> T checked(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException e) {
            throw new DamagedException(e.getMessage());
        }
    }
}
