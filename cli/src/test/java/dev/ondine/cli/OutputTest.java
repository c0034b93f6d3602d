package dev.ondine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutputTest {

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int runWithOutputThatFails(String reason, String... args) {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException(reason);
            }
        };
        return new Main(new Console(new ByteArrayInputStream(new byte[0]), new Output(broken), new Output(err), false, false, false, Map.of()))
                .run(args);
    }

    @Test
    void failsWhereTheResultIsLost() {
        for (String[] command : new String[][] {{"tokenize", "--json", "Hi"}, {"run", "-n", "5", "Hi"}, {"run", "--json", "-n", "1", "Hi"}}) {
            err.reset();

            assertThat(runWithOutputThatFails("No space left on device", command)).isEqualTo(1);

            assertThat(err.toString(StandardCharsets.UTF_8).lines()).hasSize(1).first().asString().contains("No space left on device");
        }
    }

    @Test
    void saysNothingToAReaderThatHasSeenEnough() {
        assertThat(runWithOutputThatFails("Broken pipe", "info")).isZero();
        assertThat(runWithOutputThatFails("Broken pipe", "run", "Tell me a story")).isZero();
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }
}
