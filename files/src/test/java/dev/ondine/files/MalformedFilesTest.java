package dev.ondine.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ondine.testkit.AllocatedBytes;
import dev.ondine.testkit.SharedFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Broken files: each is refused by name, at once, without reserving what it claims. */
class MalformedFilesTest {

    private static final Duration LONGEST = Duration.ofMillis(50);
    private static final long MOST_ALLOCATED_BYTES = 1 << 20;

    /** Whole files whose model is broken; they open here and are refused where the model is built. */
    private static final Set<String> REFUSED_BY_MODELS = Set.of(
            "missing-block-count.gguf", "missing-tensor.gguf", "head-count-zero.gguf");

    static Stream<Arguments> files() {
        return SharedFiles.requireJson("fixtures/malformed/malformed.json").properties().stream()
                .filter(file -> file.getKey().endsWith(".gguf"))
                .map(file -> Arguments.of(file.getKey(), file.getValue().get("expect").asString().startsWith("refuse")));
    }

    private Throwable refusal;

    @ParameterizedTest
    @MethodSource("files")
    void behavesAsTheCatalogueSays(String name, boolean refused) {
        Path path = SharedFiles.require("fixtures/malformed/" + name);
        Duration taken = Duration.ofNanos(quickestOfThree(path));
        long allocated = AllocatedBytes.during(() -> open(path));

        if (refused && !REFUSED_BY_MODELS.contains(name)) {
            assertThat(refusal).isInstanceOf(ModelFileException.class).hasMessageStartingWith(name + ": ");
        } else {
            assertThat(refusal).isNull();
        }
        assertThat(taken).isLessThan(LONGEST);
        assertThat(allocated).isLessThan(MOST_ALLOCATED_BYTES);
    }

    /** Nanoseconds; the first time pays for loading classes, any time for other programs. */
    private long quickestOfThree(Path path) {
        long quickest = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            open(path);
            quickest = Math.min(quickest, System.nanoTime() - start);
        }
        return quickest;
    }

    private void open(Path path) {
        refusal = catchThrowable(() -> GgufFile.open(path).close());
    }
}
