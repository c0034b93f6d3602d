package dev.ondine.cli;

import dev.ondine.files.GgufFile;
import dev.ondine.files.GgufWriter;
import dev.ondine.files.Metadata;
import dev.ondine.files.TensorSource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The embedded model with some of its metadata changed. */
final class PebbleVariant {

    private PebbleVariant() {
    }

    /** @param changes values by key; null takes a key away */
    static Path write(Path file, Map<String, Object> changes) {
        try (GgufFile pebble = new CommonOptions().openFile()) {
            Map<String, Object> metadata = new LinkedHashMap<>();
            pebble.metadata().keys().forEach(key -> metadata.put(key, pebble.metadata().typedValue(key)));
            changes.forEach((key, value) -> {
                metadata.remove(key);
                if (value != null) {
                    metadata.put(key, value);
                }
            });
            GgufWriter.STANDARD.write(file, Metadata.of("variant", metadata), pebble.tensors().stream().map(TensorSource::of).toList());
            return file;
        }
    }
}
