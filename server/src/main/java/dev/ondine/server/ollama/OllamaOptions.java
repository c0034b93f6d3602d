package dev.ondine.server.ollama;

import dev.ondine.api.LocalModel;
import dev.ondine.api.TaskBuilder;
import dev.ondine.engine.SamplingOptions;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.json.FieldValue;
import dev.ondine.server.json.JsonFields;
import dev.ondine.server.task.SamplingFields;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Reads {@code options}. What is not said has Ollama's usual values, so that its clients get what they are used to.
 *
 * @see <a href="https://docs.ollama.com/modelfile#valid-parameters-and-values">the options</a>
 */
final class OllamaOptions {

    /** How the machine is used is settled when the server starts. */
    private static final String[] MACHINE = {"num_batch", "num_gpu", "main_gpu", "num_thread", "numa", "use_mmap", "use_mlock", "low_vram",
        "f16_kv", "vocab_only", "num_keep"};

    private final JsonFields fields;

    private OllamaOptions(JsonFields fields) {
        this.fields = fields;
    }

    /** Reads the options of a request and gives them to its task. @return the most tokens of the answer, if there is a limit */
    static OptionalLong read(JsonFields body, LocalModel model, TaskBuilder task) {
        return body.object("options").map(fields -> new OllamaOptions(fields).apply(model, task)).orElseGet(() -> {
            task.sampling(usual());
            return OptionalLong.empty();
        });
    }

    private static SamplingOptions usual() {
        return new SamplingOptions(0.8f, 40, 0.9f, 0, 1, 1.1f, 0, 0, 64, Map.of(), ThreadLocalRandom.current().nextLong());
    }

    private OptionalLong apply(LocalModel model, TaskBuilder task) {
        requireContext(model);
        task.sampling(sampling());
        stops().forEach(task::stop);
        OptionalLong most = fields.whole("num_predict", -2, Integer.MAX_VALUE);
        fields.allowOnly("mirostat", "choose tokens by top_p or min_p", 0).allow("mirostat_tau", "mirostat_eta");
        fields.allowOnly("tfs_z", "choose tokens by top_p or min_p", 1);
        fields.allowOnly("penalize_newline", "a penalty counts all tokens", true);
        fields.allow(MACHINE).refuseOthers();
        if (most.isEmpty() || most.getAsLong() < 0) {
            return OptionalLong.empty();
        }
        task.maxTokens((int) most.getAsLong());
        return most;
    }

    private SamplingOptions sampling() {
        SamplingOptions usual = usual();
        long window = fields.whole("repeat_last_n", -1, Integer.MAX_VALUE).orElse(usual.penaltyWindow());
        return new SamplingOptions((float) fields.number("temperature", 0, 100).orElse(usual.temperature()),
                (int) fields.whole("top_k", 0, Integer.MAX_VALUE).orElse(usual.topK()),
                (float) Math.max(fields.number("top_p", 0, 1).orElse(usual.topP()), 1e-6),
                (float) fields.number("min_p", 0, 1).orElse(usual.minP()),
                (float) fields.number("typical_p", 1e-6, 1).orElse(usual.typicalP()),
                (float) fields.number("repeat_penalty", 0.01, 100).orElse(usual.repetitionPenalty()),
                (float) fields.number("presence_penalty", -100, 100).orElse(usual.presencePenalty()),
                (float) fields.number("frequency_penalty", -100, 100).orElse(usual.frequencyPenalty()),
                window < 0 ? Integer.MAX_VALUE : (int) window, Map.of(), seed());
    }

    /** By Ollama's word, a seed below 0 is none. */
    private long seed() {
        long seed = SamplingFields.seed(fields);
        return fields.has("seed") && seed < 0 ? usual().seed() : seed;
    }

    private List<String> stops() {
        for (FieldValue value : fields.value("stop").map(stop -> stop.isText() ? List.of(stop) : stop.list()).orElse(List.of())) {
            if (value.text().isEmpty()) {
                throw value.wrong("at least one character");
            }
        }
        return fields.texts("stop");
    }

    private void requireContext(LocalModel model) {
        OptionalLong wanted = fields.whole("num_ctx", 1, Long.MAX_VALUE);
        if (wanted.isPresent() && wanted.getAsLong() > model.contextLength()) {
            throw ApiFailure.parameter(fields.path("num_ctx"), "num_ctx is " + wanted.getAsLong() + ", but model " + model.name()
                    + " has a context of " + model.contextLength() + " tokens here; ask for no more, or start the server with more");
        }
    }
}
