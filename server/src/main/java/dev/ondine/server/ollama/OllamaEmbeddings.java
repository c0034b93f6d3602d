package dev.ondine.server.ollama;

import dev.ondine.api.Embedding;
import dev.ondine.api.LocalModel;
import dev.ondine.api.TaskBuilder;
import dev.ondine.server.chat.TaskDesk;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.http.Exchange;
import dev.ondine.server.json.FieldValue;
import dev.ondine.server.json.JsonFields;
import dev.ondine.server.json.JsonText;
import dev.ondine.server.task.KeepAlive;
import dev.ondine.server.task.TaskFailures;
import dev.ondine.server.task.TermsFields;
import dev.ondine.server.task.TextVectors;
import dev.ondine.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What texts mean to a model, as vectors of unit length. */
final class OllamaEmbeddings {

    private static final int MOST_TEXTS = 2_048;

    private final TaskDesk desk;

    OllamaEmbeddings(TaskDesk desk) {
        this.desk = desk;
    }

    void embed(Exchange exchange) {
        long start = System.nanoTime();
        JsonFields body = exchange.json();
        LocalModel model = load(body);
        long loaded = System.nanoTime();
        boolean isCut = body.flag("truncate").orElse(false);
        List<int[]> texts = tokens(texts(body.require("input")), model, isCut ? model.contextLength() : Integer.MAX_VALUE);
        OptionalLong dimensions = body.whole("dimensions", 1, model.details().modelDim());
        List<Embedding> found = vectors(exchange, body, model, texts);
        Map<String, Object> reply = JsonText.map("model", OllamaNames.given(body),
                "embeddings", found.stream().map(each -> shortened(each.vector(), dimensions)).toList(),
                "total_duration", System.nanoTime() - start, "load_duration", loaded - start,
                "prompt_eval_count", found.stream().mapToInt(Embedding::tokens).sum());
        exchange.send(reply);
    }

    /** The older form: one text, one vector. */
    void embedOne(Exchange exchange) {
        JsonFields body = exchange.json();
        LocalModel model = load(body);
        List<int[]> texts = tokens(List.of(body.requireText("prompt")), model, Integer.MAX_VALUE);
        exchange.send(Map.of("embedding", vectors(exchange, body, model, texts).getFirst().vector()));
    }

    private LocalModel load(JsonFields body) {
        LocalModel model = OllamaNames.find(body, desk.models());
        TaskFailures.load(model);
        return model;
    }

    private List<Embedding> vectors(Exchange exchange, JsonFields body, LocalModel model, List<int[]> texts) {
        TaskBuilder task = desk.task(model).terms(TermsFields.of(exchange, body, OptionalLong.empty()));
        Optional<KeepAlive> keepAlive = KeepAlive.of(body);
        body.allow("options").refuseOthers();
        List<Embedding> found = TextVectors.of(exchange, task, texts);
        keepAlive.ifPresent(time -> time.applyTo(model));
        return found;
    }

    private static List<String> texts(FieldValue input) {
        List<String> texts = input.isText() ? List.of(input.text()) : input.list().stream().map(FieldValue::text).toList();
        if (texts.size() > MOST_TEXTS) {
            throw ApiFailure.parameter(input.path(), input.path() + " has " + texts.size() + " texts, expected at most " + MOST_TEXTS);
        }
        return texts;
    }

    /** @param most of each text's tokens: those beyond are cut off, as the client asked for */
    private static List<int[]> tokens(List<String> texts, LocalModel model, int most) {
        Tokenizer tokenizer = model.tokenizer();
        return texts.stream().map(text -> {
            int[] all = tokenizer.encodePrompt(text, false);
            return all.length > most ? Arrays.copyOf(all, most) : all;
        }).toList();
    }

    /** The first numbers of a vector, made one of unit length again. */
    private static float[] shortened(float[] vector, OptionalLong dimensions) {
        if (dimensions.isEmpty()) {
            return vector;
        }
        float[] first = Arrays.copyOf(vector, (int) dimensions.getAsLong());
        double sum = 0;
        for (float each : first) {
            sum += each * each;
        }
        for (int i = 0; i < first.length && sum > 0; i++) {
            first[i] /= (float) Math.sqrt(sum);
        }
        return first;
    }
}
