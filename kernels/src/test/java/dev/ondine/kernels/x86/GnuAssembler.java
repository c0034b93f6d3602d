package dev.ondine.kernels.x86;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The assembler of GNU binutils, another opinion on how instructions are encoded. */
final class GnuAssembler {

    /** Longer than any instruction. Each line begins at a multiple of it, ends with a mark and is filled up with zeros. */
    private static final int SLOT = 16;
    private static final byte MARK = 0x5A;

    private GnuAssembler() {
    }

    static boolean isPresent() {
        try {
            return run("as", "--version").isEmpty() && run("objcopy", "--version").isEmpty();
        } catch (IOException absent) {
            return false;
        }
    }

    /** The encoding of each line. */
    static List<byte[]> assemble(List<String> lines, Path folder) throws IOException {
        Path source = folder.resolve("lines.s");
        Path object = folder.resolve("lines.o");
        Path code = folder.resolve("lines.bin");
        StringBuilder text = new StringBuilder(".intel_syntax noprefix\n");
        lines.forEach(line -> text.append(line).append("\n.byte ").append(MARK).append("\n.balign ").append(SLOT).append(", 0\n"));
        Files.writeString(source, text);
        String complaints = run("as", "--64", "-o", object.toString(), source.toString());
        if (!complaints.isEmpty()) {
            throw new IllegalStateException("the text of an instruction is wrong:\n" + withLines(complaints, text));
        }
        run("objcopy", "-O", "binary", "-j", ".text", object.toString(), code.toString());
        byte[] bytes = Files.readAllBytes(code);
        List<byte[]> encodings = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += SLOT) {
            int end = at + SLOT - 1;
            while (bytes[end] == 0) {
                end--;
            }
            encodings.add(Arrays.copyOfRange(bytes, at, end));
        }
        return encodings;
    }

    /** The first complaints, each with the line it is about. */
    private static String withLines(String complaints, CharSequence text) {
        List<String> source = text.toString().lines().toList();
        StringBuilder shown = new StringBuilder();
        complaints.lines().filter(line -> line.matches(".*\\.s:\\d+:.*")).limit(20).forEach(line -> {
            int number = Integer.parseInt(line.replaceFirst(".*\\.s:(\\d+):.*", "$1"));
            shown.append(source.get(number - 1)).append("  <- ").append(line).append('\n');
        });
        return shown.toString();
    }

    /** @return what the program says on its error stream */
    private static String run(String... command) throws IOException {
        Path errors = Files.createTempFile("binutils", ".txt");
        try {
            Process process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(errors.toFile()).start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command[0] + " does not end");
            }
            return Files.readString(errors);
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            Files.delete(errors);
        }
    }
}
