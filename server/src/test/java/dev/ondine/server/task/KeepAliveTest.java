package dev.ondine.server.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.json.JsonText;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeepAliveTest {

    @ParameterizedTest
    @CsvSource({"300, 300", "0, 0", "-1, -1", "'\"5m\"', 300", "'\"1h30m\"', 5400", "'\"1.5s\"', 1.5", "'\"250ms\"', 0.25", "'\"-1m\"', -60",
        "'\"0\"', 0", "'\"-1\"', -1", "'\"20\"', 20"})
    void readsSecondsAndTimes(String json, double seconds) {
        assertThat(read(json)).isEqualTo(seconds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"soon\"", "\"\"", "\"5 m\"", "\"5d\"", "true", "[]", "\"m\""})
    void refusesWhatIsNoTime(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(ApiFailure.class).hasMessageContaining("keep_alive is");
    }

    @Test
    void takesLittleTimeOverLongTexts() {
        assertThatThrownBy(() -> read('"' + "1h".repeat(100_000) + "x\"")).isInstanceOf(ApiFailure.class);
    }

    private static double read(String json) {
        return KeepAlive.of(JsonText.object(("{\"keep_alive\": " + json + "}").getBytes(StandardCharsets.UTF_8))).orElseThrow().seconds();
    }
}
