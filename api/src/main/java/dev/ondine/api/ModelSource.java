package dev.ondine.api;

import dev.ondine.files.GgufFile;
import dev.ondine.pebble.Pebble;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Where a model comes from and how it is called.
 *
 * @param name       what tasks and people call it
 * @param aliases    further names
 * @param file       a GGUF file, or any part of a split one; empty for the small model that is inside
 * @param timeToLive how long it stays loaded after its last use; empty for what the settings say
 */
public record ModelSource(String name, Set<String> aliases, Optional<Path> file, Optional<Duration> timeToLive) {

    /** @throws IllegalArgumentException if a name is blank or the time to live below 0 */
    public ModelSource {
        aliases = Set.copyOf(aliases);
        if (name.isBlank() || aliases.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("a name of a model is blank, expected at least one character");
        }
        timeToLive.filter(Duration::isNegative).ifPresent(time -> {
            throw new IllegalArgumentException("time to live is %s, expected 0 or more".formatted(time));
        });
    }

    /** A file under its own name without ".gguf". */
    public static ModelSource file(Path file) {
        Path last = file.getFileName();
        String name = last == null ? "" : last.toString().replaceFirst("(?i)(-00001-of-[0-9]{5})?\\.gguf$", "");
        return new ModelSource(name, Set.of(), Optional.of(file), Optional.empty());
    }

    /** The small model that is inside, pebble. */
    public static ModelSource embedded() {
        return new ModelSource(Pebble.NAME, Set.of(), Optional.empty(), Optional.empty());
    }

    public ModelSource named(String other) {
        return new ModelSource(other, aliases, file, timeToLive);
    }

    public ModelSource withAlias(String alias) {
        Set<String> all = new LinkedHashSet<>(aliases);
        all.add(alias);
        return new ModelSource(name, all, file, timeToLive);
    }

    /** @param time 0 to unload it at once after each use */
    public ModelSource withTimeToLive(Duration time) {
        return new ModelSource(name, aliases, file, Optional.of(time));
    }

    /** The open file; the caller closes it. @throws dev.ondine.files.ModelFileException if it is no model file */
    public GgufFile open() {
        if (file.isPresent()) {
            return GgufFile.open(file.get());
        }
        try (InputStream bytes = Pebble.open()) {
            return GgufFile.read(Pebble.NAME, bytes, Pebble.BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
