package dev.ondine.server.openai;

import dev.ondine.api.Embedding;
import dev.ondine.api.LocalModel;
import dev.ondine.api.TaskBuilder;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.http.EndpointGroup;
import dev.ondine.server.http.Exchange;
import dev.ondine.server.http.RouteTable;
import dev.ondine.server.json.JsonFields;
import dev.ondine.server.json.JsonText;
import dev.ondine.server.task.ModelDirectory;
import dev.ondine.server.task.TaskFailures;
import dev.ondine.server.task.TermsFields;
import dev.ondine.server.task.TextVectors;
import dev.ondine.text.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** {@code /v1/embeddings}. */
public final class Embeddings implements EndpointGroup {

    private static final int MOST_INPUTS = 2_048;

    private final ModelDirectory models;

    /** Embeddings by models. */
    public Embeddings(ModelDirectory models) {
        this.models = models;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.work("/v1/embeddings", this::answer);
    }

    private void answer(Exchange exchange) {
        JsonFields body = exchange.json();
        LocalModel model = models.of(body);
        List<int[]> inputs = inputs(body, model);
        boolean isPacked = body.choice("encoding_format", Map.of("float", false, "base64", true)).orElse(false);
        var terms = TermsFields.of(exchange, body, OptionalLong.empty());
        int modelDim = model.details().modelDim();
        body.allowOnly("dimensions", "vectors of this model have " + modelDim + " numbers, no fewer", modelDim)
                .allow("user").refuseOthers();
        TaskBuilder order = models.ondine().task().model(model).terms(terms);
        exchange.send(reply(model, TextVectors.of(exchange, order, inputs), isPacked));
    }

    private static List<int[]> inputs(JsonFields body, LocalModel model) {
        TaskFailures.load(model);
        Tokenizer tokenizer = model.tokenizer();
        List<int[]> inputs = PromptInputs.of(body.require("input"), MOST_INPUTS, tokenizer.vocabulary().size(),
                text -> tokenizer.encodePrompt(text, false));
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).length == 0) {
                throw ApiFailure.parameter("input", "input" + (inputs.size() == 1 ? "" : "[" + i + "]") + " is empty, expected some text");
            }
        }
        return inputs;
    }

    private static Map<String, Object> reply(LocalModel model, List<Embedding> embeddings, boolean isPacked) {
        List<Map<String, Object>> data = new ArrayList<>();
        for (Embedding embedding : embeddings) {
            data.add(JsonText.map("object", "embedding", "index", data.size(),
                    "embedding", isPacked ? packed(embedding.vector()) : embedding.vector()));
        }
        long tokens = embeddings.stream().mapToLong(Embedding::tokens).sum();
        return JsonText.map("object", "list", "data", data, "model", model.name(),
                "usage", JsonText.map("prompt_tokens", tokens, "total_tokens", tokens));
    }

    /** The numbers as little-endian floats, in base 64. */
    private static String packed(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
