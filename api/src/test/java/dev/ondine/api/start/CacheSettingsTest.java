package dev.ondine.api.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.kernels.panel.WeightCache;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheSettingsTest {

    private static final Path HOME = Path.of("/home/ada");

    @ParameterizedTest
    @CsvSource({"Linux, IGNORED, x, /home/ada/.cache/ondine", "Linux, XDG_CACHE_HOME, /var/ada, /var/ada/ondine",
        "Linux, XDG_CACHE_HOME, ada, /home/ada/.cache/ondine", "FreeBSD, IGNORED, x, /home/ada/.cache/ondine",
        "Mac OS X, XDG_CACHE_HOME, /var/ada, /home/ada/Library/Caches/ondine", "Windows 11, LOCALAPPDATA, /local, /local/ondine",
        "Windows 11, IGNORED, x, /home/ada/AppData/Local/ondine", "Windows 11, ONDINE_CACHE, /fast/disk, /fast/disk",
        "Linux, ONDINE_CACHE, /fast/disk, /fast/disk"})
    void findsTheFolder(String system, String name, String value, Path folder) {
        assertThat(CacheSettings.of(Map.of(name, value), system, HOME, "boot"))
                .contains(new WeightCache(folder, 20_000_000_000L, "boot"));
    }

    @ParameterizedTest
    @CsvSource({"20GB, 20000000000", "1.5 gb, 1500000000", "1024, 1024", "64KiB, 65536", "2TB, 2000000000000", "3M, 3000000",
        "100B, 100", "999999999999999T, 9223372036854775807"})
    void readsTheLimit(String text, long bytes) {
        assertThat(limited(text).orElseThrow().limitBytes()).isEqualTo(bytes);
    }

    @Test
    void noLimitIsNoCache() {
        assertThat(limited("0")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "much", "-1", "20 GBit", "1e9"})
    void refusesWhatIsNoSize(String text) {
        assertThatThrownBy(() -> limited(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ONDINE_CACHE_LIMIT is").hasMessageContaining("expected a size such as 20GB");
    }

    private static Optional<WeightCache> limited(String text) {
        return CacheSettings.of(Map.of(CacheSettings.LIMIT, text), "Linux", HOME, "");
    }
}
