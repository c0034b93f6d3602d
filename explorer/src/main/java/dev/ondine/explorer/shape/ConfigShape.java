package dev.ondine.explorer.shape;

import dev.ondine.files.ModelFileException;
import dev.ondine.roofline.shape.ModelShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The reader of a config.json of Hugging Face's transformers. Of a model with several parts it gives the language model's shape.
 *
 * @see <a href="https://huggingface.co/docs/transformers/main_classes/configuration">transformers, configuration</a>
 */
final class ConfigShape {

    private static final long MOST_BYTES = 16 << 20;

    private ConfigShape() {
    }

    static ModelShape read(Path path) {
        String file = path.getFileName().toString();
        try {
            long bytes = Files.size(path);
            if (bytes > MOST_BYTES) {
                throw new ModelFileException(file, "has %d bytes, expected at most %d; check the path".formatted(bytes, MOST_BYTES));
            }
            return shape(new ConfigFields(file, JsonMapper.shared().readTree(Files.readAllBytes(path))), name(path));
        } catch (JacksonException notJson) {
            throw new ModelFileException(file, "is no JSON (%s); download it again".formatted(notJson.getOriginalMessage()), notJson);
        } catch (IOException failure) {
            throw new ModelFileException(file, "cannot be read (%s); check the path".formatted(failure), failure);
        } catch (ArithmeticException | IllegalArgumentException absurd) {
            throw new ModelFileException(file, "describes no model that can be (%s); download it again".formatted(absurd.getMessage()), absurd);
        }
    }

    /** The folder, which is what models are called by. */
    private static String name(Path path) {
        Path folder = path.toAbsolutePath().normalize().getParent();
        return folder == null || folder.getFileName() == null ? path.toString() : folder.getFileName().toString();
    }

    private static ModelShape shape(ConfigFields fields, String name) {
        Map<String, Function<ConfigFields, ModelShape>> known = readers(name);
        String type = fields.text("model_type", fields.has("d_model") && fields.has("ssm_cfg") ? "mamba" : "");
        if (known.containsKey(type)) {
            return known.get(type).apply(fields);
        }
        return fields.object("text_config").map(text -> shape(text, name)).orElseThrow(() -> new ModelFileException(fields.file(),
                "\"model_type\" is \"%s\", expected one of %s".formatted(type, String.join(", ", known.keySet()))));
    }

    private static Map<String, Function<ConfigFields, ModelShape>> readers(String name) {
        Map<String, Function<ConfigFields, ModelShape>> readers = new TreeMap<>();
        LlamaConfigs.TYPES.forEach(type -> readers.put(type, fields -> new LlamaConfigs(name, type, fields).sizes().shape()));
        GptConfigs.TYPES.forEach(type -> readers.put(type, fields -> new GptConfigs(name, type, fields).sizes().shape()));
        RecurrentConfigs.TYPES.forEach(type -> readers.put(type, fields -> new RecurrentConfigs(name, type, fields).shape()));
        return readers;
    }
}
