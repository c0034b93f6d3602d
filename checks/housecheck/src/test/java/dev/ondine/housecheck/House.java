package dev.ondine.housecheck;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Where the rules look: the checkout, its modules with their floors, and their classes. */
final class House {

    static final Path ROOT = Path.of(System.getProperty("ondine.root", "../..")).toAbsolutePath().normalize();

    /** A module depends on modules of lower floors only. */
    static final Map<String, Integer> FLOORS = Map.ofEntries(
            Map.entry("tensor", 0), Map.entry("pebble", 0),
            Map.entry("kernels", 1), Map.entry("files", 1), Map.entry("roofline", 1),
            Map.entry("text", 2), Map.entry("models", 2), Map.entry("synth", 2),
            Map.entry("engine", 3),
            Map.entry("os", 4), Map.entry("knowledge", 4), Map.entry("learn", 4),
            Map.entry("cloud", 5),
            Map.entry("explorer", 5),
            Map.entry("api", 6),
            Map.entry("server", 7), Map.entry("langchain4j", 7),
            Map.entry("cli", 8));

    static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.ondine");

    private House() {
    }

    /** The modules that exist, without those below {@code checks}. */
    static List<String> modules() {
        return Pom.of(ROOT.resolve("pom.xml")).modules().stream().filter(module -> !module.contains("/")).toList();
    }

    /** The Java files of every module's program, not of its tests. */
    static List<Path> mainSources() {
        return modules().stream().flatMap(module -> sources(ROOT.resolve(module).resolve("src/main/java"))).toList();
    }

    /** The Java files of the whole checkout. */
    static List<Path> allSources() {
        return Pom.of(ROOT.resolve("pom.xml")).modules().stream().flatMap(module -> sources(ROOT.resolve(module).resolve("src"))).toList();
    }

    private static Stream<Path> sources(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
