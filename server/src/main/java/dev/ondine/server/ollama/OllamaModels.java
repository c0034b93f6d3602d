package dev.ondine.server.ollama;

import dev.ondine.api.LocalModel;
import dev.ondine.api.ModelDetails;
import dev.ondine.api.ModelState;
import dev.ondine.api.ModelStats;
import dev.ondine.files.Metadata;
import dev.ondine.server.http.Exchange;
import dev.ondine.server.json.JsonFields;
import dev.ondine.server.json.JsonText;
import dev.ondine.server.task.ModelDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What Ollama's clients are told of models: those that are here, those in memory, and what a file says of one. */
final class OllamaModels {

    /** Where Ollama's clients expect a time, later than they will live. */
    private static final Instant NEVER = Instant.parse("2318-01-01T00:00:00Z");

    /** Longer lists, such as a vocabulary, are told only on request. */
    private static final int MOST_ITEMS = 64;

    private final ModelDirectory models;
    private final Instant started = Instant.now();

    OllamaModels(ModelDirectory models) {
        this.models = models;
    }

    void list(Exchange exchange) {
        exchange.send(Map.of("models", models.ondine().models().stream().map(this::entry).toList()));
    }

    void running(Exchange exchange) {
        exchange.send(Map.of("models", models.ondine().models().stream().filter(model -> model.state() == ModelState.READY)
                .map(this::running).toList()));
    }

    void show(Exchange exchange) {
        JsonFields body = exchange.json();
        LocalModel model = OllamaNames.find(body, models);
        boolean isVerbose = body.flag("verbose").orElse(false);
        body.allowOnly("system", "show tells what the file says", "").allowOnly("template", "show tells what the file says", "");
        body.allow("options").refuseOthers();
        ModelDetails details = model.details();
        Map<String, Object> shown = JsonText.map("license", details.metadata().string("general.license", ""),
                "modelfile", "FROM " + model.name(), "parameters", "", "template", details.chatTemplate(), "details", details(details),
                "model_info", info(details, isVerbose), "capabilities", List.of("completion", "tools"),
                "modified_at", modified(model).toString());
        exchange.send(shown);
    }

    private Map<String, Object> entry(LocalModel model) {
        return JsonText.map("name", OllamaNames.tagged(model), "model", OllamaNames.tagged(model),
                "modified_at", modified(model).toString(), "size", model.details().fileBytes(), "digest", digest(model),
                "details", details(model.details()));
    }

    private Map<String, Object> running(LocalModel model) {
        ModelStats stats = model.stats();
        return JsonText.map("name", OllamaNames.tagged(model), "model", OllamaNames.tagged(model), "size", stats.bytes(),
                "digest", digest(model), "details", details(model.details()), "expires_at", stats.unloadsAt().orElse(NEVER).toString(),
                "size_vram", 0, "context_length", model.contextLength(), "processor", "100% CPU");
    }

    private static Map<String, Object> details(ModelDetails model) {
        return JsonText.map("parent_model", "", "format", "gguf", "family", model.architecture(),
                "families", List.of(model.architecture()), "parameter_size", count(model.parameters()),
                "quantization_level", model.format().name());
    }

    private static Map<String, Object> info(ModelDetails details, boolean isVerbose) {
        Metadata metadata = details.metadata();
        Map<String, Object> info = new LinkedHashMap<>();
        for (String key : metadata.keys()) {
            Object value = metadata.typedValue(key).value();
            int items = value.getClass().isArray() ? Array.getLength(value) : 0;
            info.put(key, isVerbose || items <= MOST_ITEMS ? value : null);
        }
        info.put("general.parameter_count", details.parameters());
        return info;
    }

    /** As people say it: 5.5M, 1.2B. */
    private static String count(long parameters) {
        return parameters >= 1_000_000_000 ? String.format(Locale.ROOT, "%.1fB", parameters / 1e9)
                : String.format(Locale.ROOT, "%.1fM", parameters / 1e6);
    }

    private Instant modified(LocalModel model) {
        if (model.source().file().isEmpty()) {
            return started;
        }
        try {
            return Files.getLastModifiedTime(model.source().file().get()).toInstant();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells models apart as their headers do; the weights of a large file would take minutes to read. */
    private static String digest(LocalModel model) {
        ModelDetails details = model.details();
        String facts = model.name() + ":" + details.fileBytes() + ":" + details.checksum();
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(facts.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
