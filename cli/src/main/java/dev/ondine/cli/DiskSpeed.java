package dev.ondine.cli;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * How fast files are read and written past the system's cache, front to back.
 *
 * @param readBytesPerSecond  of a file of some hundred megabytes
 * @param writeBytesPerSecond of the same file
 */
record DiskSpeed(double readBytesPerSecond, double writeBytesPerSecond) {

    private static final int PIECE_BYTES = 4 << 20;
    private static final int PIECES = 64;
    private static final int ALIGNMENT = 4096;

    /** Of the disk that holds a folder; empty where it cannot be read around the cache, or nothing can be written. */
    static Optional<DiskSpeed> measure(Path folder) {
        try (Arena arena = Arena.ofConfined()) {
            Path file = Files.createTempFile(folder, "ondine-", ".disk");
            try {
                ByteBuffer piece = arena.allocate(PIECE_BYTES, ALIGNMENT).fill((byte) 7).asByteBuffer();
                double written = write(file, piece);
                return Optional.of(new DiskSpeed(read(file, piece), written));
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    private static double write(Path file, ByteBuffer piece) throws IOException {
        long startNanos = System.nanoTime();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, pastCache())) {
            for (int i = 0; i < PIECES; i++) {
                // Disks may compress what repeats.
                for (int at = 0; at < PIECE_BYTES; at += 512) {
                    piece.putLong(at, (startNanos + at) * 0x9E3779B97F4A7C15L + i);
                }
                channel.write(piece.clear());
            }
            channel.force(false);
        }
        return (double) PIECES * PIECE_BYTES * 1e9 / (System.nanoTime() - startNanos);
    }

    private static double read(Path file, ByteBuffer piece) throws IOException {
        long startNanos = System.nanoTime();
        long bytes = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, pastCache())) {
            for (int read; (read = channel.read(piece.clear())) > 0; ) {
                bytes += read;
            }
        }
        return bytes * 1e9 / (System.nanoTime() - startNanos);
    }

    /** By its name, because the compiler warns of a constant that some JVMs lack. */
    private static OpenOption pastCache() {
        try {
            for (Object option : Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
                if (option.toString().equals("DIRECT")) {
                    return (OpenOption) option;
                }
            }
            throw new UnsupportedOperationException("this JVM cannot read past the cache");
        } catch (ClassNotFoundException e) {
            throw new UnsupportedOperationException("this JVM cannot read past the cache", e);
        }
    }
}
