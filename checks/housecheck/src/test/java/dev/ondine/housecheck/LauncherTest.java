package dev.ondine.housecheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ondine.housecheck.TrialCheckout.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code ondine} against a stand-in JDK and a stand-in Maven, so that each case takes milliseconds. */
@DisabledOnOs(OS.WINDOWS)
final class LauncherTest {

    private TrialCheckout checkout;

    @BeforeEach
    void lay(@TempDir Path folder) throws IOException {
        checkout = TrialCheckout.in(folder);
    }

    @Test
    void passesArgumentsUntouched() throws Exception {
        assertThat(checkout.start("run", "two words", "", "*", "it's \"so\"", "Grüße", "@file", "$HOME", "\\").arguments())
                .containsExactly("run", "two words", "", "*", "it's \"so\"", "Grüße", "@file", "$HOME", "\\");
    }

    @Test
    void passesTheExitCode() throws Exception {
        checkout.javaExitsWith(7);

        assertThat(checkout.start("run").exitCode()).isEqualTo(7);
    }

    @Test
    void givesTheProgramAnEmptyInputInPlaceOfAClosedOne() throws Exception {
        checkout.javaReadsItsInput();
        var process = checkout.process();
        process.command("sh", "-c", "./ondine run <&-");

        Outcome outcome = checkout.finish(process);

        assertThat(outcome.exitCode()).as(outcome.errors()).isZero();
        assertThat(outcome.arguments()).containsExactly("run");
    }

    @Test
    void saysThatItCannotBuildWhereItCannotWrite() throws Exception {
        Path work = Files.createDirectories(checkout.root().resolve("target/launcher"));
        assumeThat(work.toFile().setWritable(false) && !Files.isWritable(work)).as("a user whom permissions bind").isTrue();

        Outcome outcome = checkout.start("run");

        work.toFile().setWritable(true);
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors()).contains("cannot write");
    }

    @Test
    void buildsOnce() throws Exception {
        assertThat(checkout.start("run").errors()).contains("building");
        assertThat(checkout.start("run").errors()).isEmpty();
        assertThat(checkout.builds()).isEqualTo(1);
    }

    @Test
    void usesWhatMavenBuiltBefore() throws Exception {
        checkout.build();

        assertThat(checkout.start("run").exitCode()).isZero();
        assertThat(checkout.builds()).isEqualTo(1);
    }

    @Test
    void buildsAgainWhenACopiedJarIsOld() throws Exception {
        checkout.build();
        Files.writeString(checkout.root().resolve("files/target/files-0.1.0.jar"), "newer");

        assertThat(checkout.start("run").exitCode()).isZero();
        assertThat(checkout.builds()).isEqualTo(2);
    }

    @Test
    void buildsAgainWhenASourceChanges() throws Exception {
        checkout.start("run");
        Files.writeString(checkout.root().resolve("cli/src/main/java/Main.java"), "changed");
        checkout.start("run");

        assertThat(checkout.builds()).isEqualTo(2);
    }

    @Test
    void buildsAgainWhenASourceIsDeleted() throws Exception {
        checkout.start("run");
        Files.delete(checkout.root().resolve("cli/src/main/java/Main.java"));
        checkout.start("run");

        assertThat(checkout.builds()).isEqualTo(2);
    }

    @Test
    void twoStartsAtOnceBuildOnce() throws Exception {
        Process first = checkout.process("run").start();
        Process second = checkout.process("run").start();

        assertThat(first.waitFor()).isZero();
        assertThat(second.waitFor()).isZero();
        assertThat(checkout.builds()).isEqualTo(1);
    }

    @Test
    void takesTheLockOfADeadBuilder() throws Exception {
        Path lock = Files.createDirectories(checkout.root().resolve("target/launcher/lock"));
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Files.writeString(lock.resolve("owner"), dead.pid() + "\n");

        assertThat(checkout.start("run").exitCode()).isZero();
    }

    @Test
    void showsWhyTheBuildFailed() throws Exception {
        checkout.mavenFails("Main.java:[1,1] class expected");

        Outcome outcome = checkout.start("run");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors()).contains("class expected", "target/launcher/build.log");
        assertThat(outcome.arguments()).isEmpty();
    }

    @Test
    void saysWhatToInstallWithoutAJdk() throws Exception {
        checkout.requireJdk(99);

        Outcome outcome = checkout.start("run");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors()).hasLineCount(1).contains("needs a JDK 99 or later", "found only", "adoptium.net", "JAVA_HOME");
    }

    @Test
    void saysWhatToInstallWithoutMaven() throws Exception {
        checkout.removeMaven();

        Outcome outcome = checkout.start("run");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors()).hasLineCount(1).contains("needs Apache Maven");
    }

    @Test
    void startsThroughALinkFromAnotherFolder() throws Exception {
        Path link = Files.createSymbolicLink(checkout.root().resolveSibling("linked"), checkout.root().resolve("ondine"));
        Outcome outcome = checkout.finish(checkout.process("run").command(link.toString(), "run").directory(checkout.root().getParent().toFile()));

        assertThat(outcome.arguments()).containsExactly("run");
    }

    @Test
    void aSignalReachesTheProgram() throws Exception {
        checkout.start("run");
        checkout.javaSleeps();
        Process process = checkout.process("chat").start();
        process.inputReader().readLine();
        process.destroy();

        assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
    }
}
