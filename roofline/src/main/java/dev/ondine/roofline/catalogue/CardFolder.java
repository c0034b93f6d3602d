package dev.ondine.roofline.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where card files lie: among the resources of this package, or in a folder of the user. */
final class CardFolder {

    private CardFolder() {
    }

    /** The cards of all files that a resource folder's {@code index.txt} lists. */
    static List<Card> builtIn(String folder) {
        return resource(folder + "/index.txt").lines().map(String::strip).filter(name -> !name.isEmpty())
                .flatMap(name -> CardFile.parse(name, resource(folder + "/" + name)).stream()).toList();
    }

    /**
     * The cards of all files of one kind, in the order of their names.
     *
     * @param place a folder, whose sub-folders are read too, or a single file
     * @param end   of the files' names: {@code .device}
     * @throws IllegalArgumentException if there is no such place or a file is bad
     */
    static List<Card> of(Path place, String end) {
        if (!Files.exists(place)) {
            throw new IllegalArgumentException("%s: there is no such catalogue folder".formatted(place));
        }
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(file -> file.toString().endsWith(end) && Files.isRegularFile(file)).sorted()
                    .flatMap(file -> CardFile.parse(file.toString(), text(file)).stream()).toList();
        } catch (IOException | UncheckedIOException failure) {
            throw new IllegalArgumentException("%s: cannot be read: %s".formatted(place, failure.getMessage()), failure);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException notText) {
            throw new IllegalArgumentException("%s: cannot be read as UTF-8 text: %s".formatted(file, notText.getMessage()), notText);
        }
    }

    private static String resource(String name) {
        try (InputStream content = CardFolder.class.getResourceAsStream(name)) {
            if (content == null) {
                throw new IllegalStateException("the program's own catalogue lacks " + name);
            }
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(name, failure);
        }
    }
}
