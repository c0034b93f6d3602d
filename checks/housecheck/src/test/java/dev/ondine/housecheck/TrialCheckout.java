package dev.ondine.housecheck;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A copy of the launcher in a folder with a space in its name, with two modules, a JDK that prints its arguments and a Maven
 * that makes stand-ins for jars. The search path holds nothing but these and the system tools that the launcher may use.
 */
record TrialCheckout(Path root, Path tools, Path jdk) {

    private static final List<String> SYSTEM_TOOLS =
            List.of("sh", "cat", "cmp", "cp", "env", "find", "head", "ls", "mkdir", "mv", "readlink", "rm", "sed", "sleep", "tail", "touch");

    record Outcome(int exitCode, List<String> arguments, String errors) {
    }

    static TrialCheckout in(Path folder) throws IOException {
        Path root = Files.createDirectories(folder.resolve("check out"));
        var checkout = new TrialCheckout(root, systemTools(folder.resolve("tools")), folder.resolve("j d k"));
        Files.copy(House.ROOT.resolve("ondine"), root.resolve("ondine"));
        Files.writeString(root.resolve("pom.xml"), "");
        for (String module : List.of("cli", "files")) {
            Files.createDirectories(root.resolve(module).resolve("src/main/java"));
            Files.writeString(root.resolve(module).resolve("pom.xml"), "");
            Files.writeString(root.resolve(module).resolve("src/main/java/Main.java"), "");
        }
        checkout.maven("");
        Files.createDirectories(checkout.jdk.resolve("bin"));
        Files.writeString(checkout.jdk.resolve("release"), "IMPLEMENTOR=\"Trial\"\nJAVA_VERSION=\"25.0.3\"\n");
        script(checkout.jdk.resolve("bin/javac"), "");
        checkout.java("exit 0");
        return checkout;
    }

    /** Fills a folder with the tools that the launcher may use, by scripts that call them, and returns it. */
    static Path systemTools(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String tool : SYSTEM_TOOLS) {
            Path found = Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(path -> Path.of(path, tool))
                    .filter(Files::isExecutable).findFirst().orElseThrow();
            script(folder.resolve(tool), "exec '" + found + "' \"$@\"");
        }
        return folder;
    }

    void javaExitsWith(int code) throws IOException {
        java("exit " + code);
    }

    void javaSleeps() throws IOException {
        java("exec sleep 30");
    }

    void javaReadsItsInput() throws IOException {
        java("exec cat");
    }

    void mavenFails(String error) throws IOException {
        maven("echo '[ERROR] " + error + "'; exit 1");
    }

    void removeMaven() throws IOException {
        Files.delete(tools.resolve("mvn"));
    }

    /** Makes the launcher ask for a version that no machine has, whatever is installed on this one. */
    void requireJdk(int version) throws IOException {
        Path launcher = root.resolve("ondine");
        Files.writeString(launcher, Files.readString(launcher).replace("oldest_jdk=25", "oldest_jdk=" + version));
    }

    void build() throws Exception {
        finish(process().command(tools.resolve("mvn").toString()));
    }

    long builds() throws IOException {
        return Files.lines(root.resolve("builds")).count();
    }

    Outcome start(String... arguments) throws Exception {
        return finish(process(arguments));
    }

    ProcessBuilder process(String... arguments) {
        var process = new ProcessBuilder();
        process.command().add("./ondine");
        process.command().addAll(List.of(arguments));
        process.directory(root.toFile());
        process.environment().clear();
        process.environment().put("PATH", tools.toString());
        process.environment().put("HOME", root.toString());
        process.environment().put("JAVA_HOME", jdk.toString());
        process.environment().put("LANG", "C.UTF-8");
        return process;
    }

    Outcome finish(ProcessBuilder builder) throws Exception {
        Path errors = root.resolve("errors");
        Process process = builder.redirectError(errors.toFile()).start();
        List<String> arguments = process.inputReader().readAllLines();
        return new Outcome(process.waitFor(), arguments, Files.readString(errors));
    }

    private void maven(String firstStep) throws IOException {
        script(tools.resolve("mvn"), """
                echo built >> '%1$s/builds'
                %2$s
                sleep 0.2
                cd '%1$s' && mkdir -p cli/target/lib files/target
                : > cli/target/cli-0.1.0.jar
                echo files > files/target/files-0.1.0.jar
                cp files/target/files-0.1.0.jar cli/target/lib
                """.formatted(root, firstStep));
    }

    /** Prints what comes after the jar, one argument on a line; when it rehearses, it makes the cache. */
    private void java(String lastStep) throws IOException {
        script(jdk.resolve("bin/java"), """
                while [ "$1" != -jar ]; do
                  case $1 in -XX:AOTCacheOutput=*) : > "${1#*=}"; exit ;; esac
                  shift
                done
                shift 2
                printf '%%s\\n' "$@"
                %s
                """.formatted(lastStep));
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text);
        file.toFile().setExecutable(true);
    }
}
