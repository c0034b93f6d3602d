package dev.ondine.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.ondine.server.json.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The official clients from npm, installed once below {@code target}, and the scripts that use them. Needs node, npm and a registry. */
final class NpmClients {

    private static final Path SOURCES = Path.of("src", "test", "clients");
    private static final Path FOLDER = Path.of("target", "clients");
    private static final List<String> UNREACHABLE = List.of("ENOTFOUND", "ECONNREFUSED", "ECONNRESET",
            "EAI_AGAIN", "ETIMEDOUT", "ENETUNREACH");
    private static final int MOST_SECONDS = 300;

    private NpmClients() {
    }

    /** One case of a script. @param error null if it went well */
    record Case(String name, String error) {
    }

    /** Installs what the scripts need; skips the test with a reason where that cannot be. */
    static void install() {
        try {
            Files.createDirectories(FOLDER);
            try (Stream<Path> sources = Files.list(SOURCES)) {
                for (Path source : sources.toList()) {
                    Files.copy(source, FOLDER.resolve(source.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            String wanted = Files.readString(FOLDER.resolve("package-lock.json"));
            Path installed = FOLDER.resolve("installed-lock.json");
            run("node", "--version");
            if (!Files.exists(installed) || !Files.readString(installed).equals(wanted)) {
                run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1", "--fetch-timeout=30000");
                Files.writeString(installed, wanted);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a script against a server. */
    static List<Case> run(String script, String address, String model) {
        List<Case> cases = new ArrayList<>();
        for (String line : run("node", script, address, model).lines().filter(line -> line.startsWith("{")).toList()) {
            Map<String, Object> told = JsonText.fields(line, script);
            cases.add(new Case((String) told.get("name"), (String) told.get("error")));
        }
        assertThat(cases).as("cases that %s told of", script).isNotEmpty();
        return cases;
    }

    private static void skipIf(boolean holds, String reason) {
        if (holds) {
            abort(reason);
        }
    }

    private static String run(String... command) {
        Path out = FOLDER.resolve("output-" + command[0] + ".txt");
        try {
            Process process = new ProcessBuilder(command).directory(FOLDER.toFile()).redirectErrorStream(true)
                    .redirectOutput(out.toFile()).start();
            if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                skipIf(command[0].equals("npm"), "npm's registry does not answer");
                fail("%s took more than %d seconds: %s", String.join(" ", command), MOST_SECONDS, Files.readString(out));
            }
            String told = Files.readString(out);
            if (process.exitValue() != 0) {
                skipIf(command[0].equals("npm") && UNREACHABLE.stream().anyMatch(told::contains), "npm's registry cannot be reached");
                fail("%s failed: %s", String.join(" ", command), told);
            }
            return told;
        } catch (IOException e) {
            return abort(command[0] + " is not installed: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return abort("interrupted");
        }
    }
}
