package dev.ondine.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A real process that is killed again and again: what its durable tasks say is what they say undisturbed. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class KilledProcessTest {

    private static final int KILLS = 14;

    @TempDir
    private Path folder;

    private final Random random = new Random(11);
    private List<TaskResult> expected;
    private long firstId;

    @Test
    void neverGoesOnWrongly() throws Exception {
        try (PebbleEngine pebble = new PebbleEngine(); Kernel kernel = PebbleEngine.kernel()) {
            expected = DurableWorks.all(pebble, DurableProcess.TOKENS).stream()
                    .map(work -> kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, work).result().join()).toList();
        }
        int killed = 0;
        while (killed < KILLS && !run(true)) {
            killed++;
        }
        assertThat(killed).as("kills that came before the end").isGreaterThan(KILLS / 2);
        run(false);
        try (TaskJournal journal = TaskJournal.open(folder.resolve("journal"), Duration.ofDays(1))) {
            List<JournalEntry> entries = journal.entries();
            assertThat(entries).hasSize(expected.size());
            for (int task = 0; task < expected.size(); task++) {
                TaskResult found = ((JournalEntry.Ended) entries.get(task)).result();
                assertThat(found.tokens()).as("task %d", task).isEqualTo(expected.get(task).tokens());
                assertThat(found.text()).isEqualTo(expected.get(task).text());
                assertThat(found.finishReason()).isEqualTo(expected.get(task).finishReason());
            }
        }
    }

    /** Runs the process, and kills it if it is to be. @return whether it came to its end */
    private boolean run(boolean kill) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--add-modules",
                "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", DurableProcess.class.getName(),
                folder.resolve("journal").toString()).redirectError(folder.resolve("errors").toFile()).start();
        try (BufferedReader lines = process.inputReader()) {
            // Nothing is printed before all tasks are accepted: what is not accepted is nobody's to go on with.
            int seen = kill ? 1 + random.nextInt(30) : Integer.MAX_VALUE;
            for (String line; seen > 0 && (line = lines.readLine()) != null; seen--) {
                check(line);
            }
            if (kill) {
                Thread.sleep(random.nextInt(9));
                // Unlike the process itself, its handle leaves what it has written to be read.
                process.toHandle().destroyForcibly();
            }
            lines.lines().filter(line -> line.matches("[0-9]+ [0-9]+ [0-9]+")).forEach(this::check);
            int code = process.waitFor();
            assertThat(kill || code == 0).as("code %d: %s", code, Files.readString(folder.resolve("errors"))).isTrue();
            assertThat(code).as(Files.readString(folder.resolve("errors"))).isIn(0, 128 + 9);
            return code == 0;
        }
    }

    /** What a client sees at any time is what the task says undisturbed at that place. */
    private void check(String line) {
        long[] numbers = java.util.Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
        firstId = firstId == 0 ? ids().getFirst() : firstId;
        int task = (int) (numbers[0] - firstId);
        assertThat(expected.get(task).tokens()[(int) numbers[1]]).as("token %s of task %d", numbers[1], task).isEqualTo((int) numbers[2]);
    }

    private List<Long> ids() {
        String[] names = folder.resolve("journal").toFile().list((File _, String name) -> name.endsWith(".task"));
        return IntStream.range(0, names.length).mapToObj(index -> Long.valueOf(names[index].replace(".task", ""))).sorted().toList();
    }
}
