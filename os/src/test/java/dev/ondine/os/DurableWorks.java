package dev.ondine.os;

import dev.ondine.engine.GenerationOptions;
import dev.ondine.engine.SamplingOptions;
import dev.ondine.text.grammar.Grammar;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Durable tasks of every kind, for tests that interrupt them. */
final class DurableWorks {

    /** What the keepsake says of the only grammar here. */
    private static final String OBJECT = "any JSON object";

    private DurableWorks() {
    }

    /** Some that take a moment. */
    static List<Work.CompletionWork> all(PebbleEngine pebble) {
        return all(pebble, 50);
    }

    /** Greedy; by seed; with penalties, bias and a stop string; held to a grammar. */
    static List<Work.CompletionWork> all(PebbleEngine pebble, int tokens) {
        return List.of(work(pebble, "Tell me a story", PebbleEngine.greedy(tokens).ignoringEnd(true)),
                work(pebble, "Tell me a story", new GenerationOptions(tokens, seeded(7), List.of()).ignoringEnd(true)),
                work(pebble, "Tell me another story", new GenerationOptions(tokens, penalised(8), List.of("zebra", "9")).ignoringEnd(true)),
                work(pebble, "Give me a JSON object", new GenerationOptions(tokens, seeded(9), List.of())
                        .heldTo(Optional.of(Grammar.anyJsonObject()))));
    }

    private static Work.CompletionWork work(PebbleEngine pebble, String message, GenerationOptions options) {
        return new Work.CompletionWork(pebble.prompt(message), 0, options);
    }

    static SamplingOptions seeded(long seed) {
        return new SamplingOptions(1.2f, 50, 0.98f, 0, 1, 1, 0, 0, 64, Map.of(), seed);
    }

    private static SamplingOptions penalised(long seed) {
        return new SamplingOptions(0.9f, 0, 1, 0.001f, 0.99f, 1.3f, 0.2f, 0.1f, 32, Map.of(40, 1.5f, 41, Float.NEGATIVE_INFINITY), seed);
    }

    static Keepsake keepsake(Work.CompletionWork work) {
        return new Keepsake(work.options().grammar().isPresent() ? OBJECT : "", "request of a client");
    }

    static Optional<Grammar> grammar(Keepsake keepsake) {
        return keepsake.grammar().equals(OBJECT) ? Optional.of(Grammar.anyJsonObject()) : Optional.empty();
    }

    static TaskHandle submit(Kernel kernel, PebbleEngine pebble, Work.CompletionWork work) {
        return kernel.submit(pebble.engine(), TaskTerms.FOREGROUND.durable(true), work, keepsake(work));
    }

    static TaskHandle resume(Kernel kernel, PebbleEngine pebble, JournalEntry.Unfinished entry) {
        return kernel.resume(pebble.engine(), entry.id(), grammar(entry.task().keepsake()));
    }
}
