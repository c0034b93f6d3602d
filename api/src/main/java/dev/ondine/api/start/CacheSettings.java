package dev.ondine.api.start;

import dev.ondine.kernels.panel.WeightCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where packed weights are kept: in the folder that {@code ONDINE_CACHE} names, else where the system keeps what programs can make
 * again; up to {@code ONDINE_CACHE_LIMIT}, for instance {@code 20GB}, 0 for no cache.
 *
 * @see <a href="https://specifications.freedesktop.org/basedir-spec/latest/">XDG base directories</a>
 */
public final class CacheSettings {

    static final String FOLDER = "ONDINE_CACHE";
    static final String LIMIT = "ONDINE_CACHE_LIMIT";

    /** Some models of the size that runs well on such machines. */
    private static final String DEFAULT_LIMIT = "20GB";

    private CacheSettings() {
    }

    /** What this process's environment says; empty for no cache. */
    public static Optional<WeightCache> found(Map<String, String> environment) {
        return of(environment, System.getProperty("os.name"), Path.of(System.getProperty("user.home")), bootId());
    }

    /**
     * @param system {@code os.name}
     * @throws IllegalArgumentException if the limit is no size
     */
    static Optional<WeightCache> of(Map<String, String> environment, String system, Path home, String bootId) {
        long limitBytes = bytes(environment.getOrDefault(LIMIT, DEFAULT_LIMIT));
        return limitBytes == 0 ? Optional.empty() : Optional.of(new WeightCache(folder(environment, system, home), limitBytes, bootId));
    }

    private static Path folder(Map<String, String> environment, String system, Path home) {
        String named = environment.getOrDefault(FOLDER, "");
        if (!named.isEmpty()) {
            return Path.of(named).toAbsolutePath();
        }
        if (system.startsWith("Windows")) {
            return absolute(environment.get("LOCALAPPDATA")).orElse(home.resolve("AppData").resolve("Local")).resolve("ondine");
        }
        if (system.startsWith("Mac")) {
            return home.resolve("Library").resolve("Caches").resolve("ondine");
        }
        return absolute(environment.get("XDG_CACHE_HOME")).orElse(home.resolve(".cache")).resolve("ondine");
    }

    /** The specification has relative paths ignored. */
    private static Optional<Path> absolute(String path) {
        return Optional.ofNullable(path).map(Path::of).filter(Path::isAbsolute);
    }

    private static long bytes(String text) {
        return ByteSize.parse(text).orElseThrow(() -> new IllegalArgumentException(
                "%s is \"%s\", expected a size such as 20GB or 500MB, or 0 for no cache".formatted(LIMIT, text)));
    }

    /** Linux alone tells. */
    private static String bootId() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException unknown) {
            return "";
        }
    }
}
