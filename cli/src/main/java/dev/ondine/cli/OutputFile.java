package dev.ondine.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Files that commands write: a reader sees the old contents or the new ones, never a part. */
final class OutputFile {

    private OutputFile() {
    }

    /** Says at once what would fail after long work. @throws IllegalArgumentException if the path names a folder or lies in none */
    static void requirePlace(Path path) {
        Path target = path.toAbsolutePath();
        if (Files.isDirectory(target)) {
            throw new IllegalArgumentException(path + ": is a folder, expected the name of a file");
        }
        if (!Files.isDirectory(target.getParent())) {
            throw new IllegalArgumentException(path + ": there is no folder " + target.getParent() + "; make it first");
        }
    }

    /** One line each, in UTF-8. */
    static void write(Path path, List<String> lines) {
        write(path, String.join("\n", lines) + "\n");
    }

    /** In UTF-8. */
    static void write(Path path, String text) {
        write(path, text.getBytes(StandardCharsets.UTF_8));
    }

    static void write(Path path, byte[] contents) {
        requirePlace(path);
        Path target = path.toAbsolutePath();
        try {
            // A temporary file would be its owner's alone; what is written here is meant to be shared.
            Path fresh = target.resolveSibling(target.getFileName() + ".part");
            try {
                Files.write(fresh, contents);
                Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (AccessDeniedException e) {
            throw new UncheckedIOException(new AccessDeniedException(path.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
