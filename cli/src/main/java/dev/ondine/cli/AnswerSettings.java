package dev.ondine.cli;

import dev.ondine.api.TaskBuilder;
import dev.ondine.engine.GenerationOptions;
import dev.ondine.engine.SamplingOptions;
import java.util.List;
import java.util.Map;

/** How the answers of a chat are made; {@code /set} changes it. */
final class AnswerSettings {

    private final boolean isEmbedded;
    private final List<String> stops;
    private final TermsFlags terms;
    private final Map<String, ?> schema;
    private SamplingFlags sampling;
    private int maxTokens;

    /** @param schema that answers meet; null for any text */
    AnswerSettings(SamplingFlags sampling, boolean isEmbedded, int maxTokens, List<String> stops, TermsFlags terms, Map<String, ?> schema) {
        this.sampling = sampling;
        this.isEmbedded = isEmbedded;
        this.maxTokens = maxTokens;
        this.stops = List.copyOf(stops);
        this.terms = terms;
        this.schema = schema;
    }

    /** Checks what the options gave. @throws IllegalArgumentException if a value is outside its range */
    void requireSensible() {
        new GenerationOptions(maxTokens, sampling.options(isEmbedded), stops);
    }

    /** Describes an answer. */
    void applyTo(TaskBuilder task) {
        task.sampling(sampling.options(isEmbedded)).maxTokens(maxTokens).terms(terms.terms(maxTokens));
        stops.forEach(task::stop);
        if (schema != null) {
            task.schema(schema);
        }
    }

    /**
     * Changes one setting, or none if that fails.
     *
     * @throws IllegalArgumentException if there is no such setting or the value does not fit it
     */
    void set(String name, String value) {
        try {
            if (name.equals("n")) {
                maxTokens = positive(value);
            } else {
                SamplingFlags changed = sampling.copy();
                changed.set(name, value);
                changed.options(isEmbedded);
                sampling = changed;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is " + Display.quoted(value) + ", expected a number", e);
        }
    }

    private static int positive(String value) {
        int number = Integer.parseInt(value);
        if (number < 1) {
            throw new IllegalArgumentException("n is " + number + ", expected 1 or more");
        }
        return number;
    }

    @Override
    public String toString() {
        SamplingOptions now = sampling.options(isEmbedded);
        return ("temperature %s, top-k %d, top-p %s, min-p %s, typical-p %s, repeat-penalty %s, presence-penalty %s, "
                + "frequency-penalty %s, seed %s, n %s").formatted(
                        now.temperature(), now.topK(), now.topP(), now.minP(), now.typicalP(), now.repetitionPenalty(),
                        now.presencePenalty(), now.frequencyPenalty(), sampling.seedText(),
                        maxTokens == Integer.MAX_VALUE ? "unlimited" : maxTokens);
    }
}
