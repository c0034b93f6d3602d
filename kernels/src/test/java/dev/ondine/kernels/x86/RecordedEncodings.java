package dev.ondine.kernels.x86;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A few encodings of every instruction as GNU binutils gave them, for hosts that have none. After a new instruction, run
 * {@link #main} with the resource's file as its argument.
 */
final class RecordedEncodings {

    private static final int OF_EACH_METHOD = 4;
    private static final String RESOURCE = "encodings.txt";

    private RecordedEncodings() {
    }

    /** Bytes in hexadecimal by text. */
    static Map<String, String> read() throws IOException {
        try (InputStream resource = RecordedEncodings.class.getResourceAsStream(RESOURCE)) {
            Map<String, String> encodings = new LinkedHashMap<>();
            new String(resource.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .forEach(line -> encodings.put(line.substring(line.indexOf('\t') + 1), line.substring(0, line.indexOf('\t'))));
            return encodings;
        }
    }

    /** Writes the file anew. */
    public static void main(String[] arguments) throws IOException {
        List<Instruction> chosen = new ArrayList<>();
        // Hash codes are as good as random, and the same everywhere.
        Instructions.methods().forEach(method -> Instructions.of(method).stream()
                .sorted(Comparator.comparing(instruction -> instruction.text().hashCode())).limit(OF_EACH_METHOD).forEach(chosen::add));
        Path folder = Files.createTempDirectory("encodings");
        List<byte[]> encodings = GnuAssembler.assemble(chosen.stream().map(Instruction::text).toList(), folder);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < encodings.size(); i++) {
            lines.append(HexFormat.of().formatHex(encodings.get(i))).append('\t').append(chosen.get(i).text()).append('\n');
        }
        Files.writeString(Path.of(arguments[0]), lines);
    }
}
