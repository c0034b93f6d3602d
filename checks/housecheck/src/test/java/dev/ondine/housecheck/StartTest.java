package dev.ondine.housecheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./ondine} itself, with the jars of this build and a real JVM. */
@DisabledOnOs(OS.WINDOWS)
final class StartTest {

    @TempDir
    private Path folder;

    private record Outcome(int exitCode, String output, String errors) {
    }

    @BeforeEach
    void prepares() throws Exception {
        assumeTrue(Files.isDirectory(House.ROOT.resolve("cli/target/lib")), "the jars are not built yet: run mvn verify");
        Outcome first = start("");
        assumeFalse(first.errors.contains("needs Apache Maven"), "a jar is older than its source: run mvn clean verify");
        assertThat(first.exitCode).as(first.errors).isZero();
    }

    @Test
    void printsNothingButItsAnswer() throws Exception {
        Outcome outcome = start("");

        assertThat(outcome.errors).isEmpty();
        assertThat(outcome.output).contains("ondine").doesNotContain("WARNING", "[warning]");
    }

    @Test
    void hasAnAotCacheWithLinkedClasses() throws Exception {
        assertThat(start("-Xlog:aot").output).contains("Using AOT-linked classes: true");
    }

    /** As a user would, but without Maven, because a build is running already; Maven sets JAVA_HOME. */
    private Outcome start(String flags) throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin");
        Path output = folder.resolve("output");
        Path errors = folder.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder(House.ROOT.resolve("ondine").toString(), "--help")
                .redirectOutput(output.toFile()).redirectError(errors.toFile());
        builder.environment().put("PATH", TrialCheckout.systemTools(folder.resolve("tools")) + File.pathSeparator + java);
        builder.environment().put("ONDINE_JAVA_OPTS", flags);
        builder.environment().keySet().removeAll(Set.of("JAVA_HOME", "MAVEN_HOME"));
        return new Outcome(builder.start().waitFor(), Files.readString(output), Files.readString(errors));
    }
}
