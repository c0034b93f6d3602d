package dev.ondine.kernels.panel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Which model file weights were packed from.
 *
 * @param fileName of the packed weights: the model's name and a digest of its absolute path, so that a changed model replaces
 *                 what was packed before it changed
 * @param identity absolute path, bytes and time of last change of each of the model's files, and the checksum of their headers
 */
public record ModelKey(String fileName, String identity) {

    private static final int MOST_NAME_CHARACTERS = 100;

    /**
     * The key of a model.
     *
     * @param files          one, or all parts of a split model
     * @param headerChecksum over the bytes before the numbers
     * @return empty for a model that is in no file, or one whose attributes cannot be read
     */
    public static Optional<ModelKey> of(List<Path> files, long headerChecksum) {
        if (files.isEmpty()) {
            return Optional.empty();
        }
        try {
            StringBuilder paths = new StringBuilder();
            StringBuilder identity = new StringBuilder();
            for (Path file : files) {
                Path whole = file.toRealPath();
                BasicFileAttributes attributes = Files.readAttributes(whole, BasicFileAttributes.class);
                paths.append(whole).append('\n');
                identity.append("%s, %d bytes, %s%n".formatted(whole, attributes.size(), attributes.lastModifiedTime().toInstant()));
            }
            identity.append("header %08x".formatted(headerChecksum));
            return Optional.of(new ModelKey(fileName(files.getFirst(), paths.toString()), identity.toString()));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private static String fileName(Path file, String paths) {
        CRC32C digest = new CRC32C();
        digest.update(paths.getBytes(StandardCharsets.UTF_8));
        String name = file.getFileName().toString().replaceAll("[^A-Za-z0-9._-]", "_");
        return "%s-%08x%s".formatted(name.substring(0, Math.min(MOST_NAME_CHARACTERS, name.length())), digest.getValue(),
                CacheFolder.PACKED);
    }
}
