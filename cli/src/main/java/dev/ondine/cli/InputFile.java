package dev.ondine.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads files that the user names. Each failure names the file. */
final class InputFile {

    private static final String STANDARD_INPUT = "-";

    private InputFile() {
    }

    static byte[] bytes(Path path) {
        if (Files.isDirectory(path)) {
            throw new IllegalArgumentException(path + ": is a folder, expected a file; check the path");
        }
        try {
            return Files.readAllBytes(path);
        } catch (FileSystemException e) {
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(new FileSystemException(path.toString(), null, "cannot be read, " + e.getMessage()));
        }
    }

    /** Text in UTF-8, from standard input for {@code -}. Other bytes become U+FFFD, with a notice. */
    static String text(String file, Console console) {
        byte[] bytes = file.equals(STANDARD_INPUT) ? standardInput(console) : bytes(Path.of(file));
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            console.notice((file.equals(STANDARD_INPUT) ? "standard input" : file)
                    + " is not all UTF-8 text; each character that cannot be read becomes U+FFFD");
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private static byte[] standardInput(Console console) {
        try {
            return console.in().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(new FileSystemException("standard input", null, "cannot be read, " + e.getMessage()));
        }
    }
}
