package dev.ondine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReplayCommandTest {

    @Test
    void playsAnExampleInEveryPolicy() {
        for (String policy : new String[] {"fifo", "round-robin", "urgency"}) {
            Shell.Outcome outcome = Shell.run("replay", "flood", "--policy", policy);
            assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(ExitCode.DONE);
            assertThat(outcome.out()).contains("policy " + policy, "foreground", "interrupts wait");
        }
    }

    @Test
    void printsOneLineOfJson() {
        Shell.Outcome outcome = Shell.run("replay", "flood", "--load", "0.5", "--seed", "7", "--json");
        assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        assertThat(outcome.out().strip()).doesNotContain("\n").startsWith("{\"scenario\"").contains("\"seed\":7", "\"load\":0.5");
    }

    @Test
    void comparesTheEngineWithASimulation(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("few.json");
        Files.writeString(file, """
                {"name": "a few", "duration": "2 s", "device": {}, "model": {"name": "m", "parameters": 1e9}, "format": "Q4_0", "streams": [
                  {"name": "agents", "class": "normal", "arrivals": {"every": "500 ms"}, "prompt": 40, "answer": 12,
                   "tools": {"count": 1, "seconds": 0.1, "tokens": 9}, "in turn": true},
                  {"name": "hazards", "class": "interrupt", "arrivals": {"every": "700 ms"}, "prompt": 10, "answer": 2}]}
                """);
        Shell.Outcome outcome = Shell.run("replay", file.toString(), "--real", "--json");
        assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        assertThat(outcome.out()).contains("\"real\":{\"scenario\":\"a few\",\"mode\":\"real\"", "\"simulated\":{\"scenario\":\"a few\"")
                .contains("{\"name\":\"interrupt\",\"arrivals\":3,\"completed\":3,\"refused\":0", "{\"name\":\"normal\",\"arrivals\":4,\"completed\":4");
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(Shell.run("replay").exitCode()).isEqualTo(ExitCode.WRONG_USE);
        assertThat(Shell.run("replay", "nothing").exitCode()).isEqualTo(ExitCode.WRONG_USE);
        assertThat(Shell.run("replay", "flood", "--load", "0").exitCode()).isEqualTo(ExitCode.WRONG_USE);
        assertThat(Shell.run("replay", "flood", "--policy", "lottery").exitCode()).isEqualTo(ExitCode.WRONG_USE);
    }
}
