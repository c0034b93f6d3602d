package dev.ondine.kernels.panel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Another process that packs {@link SmallModel}. */
final class PackingProcess {

    private PackingProcess() {
    }

    static Process start(Path folder, String mode) throws IOException {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-cp",
                System.getProperty("java.class.path"), PackingProcess.class.getName(), folder.toString(), mode)
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** Packs all and prints the checksum, or packs one matrix and waits for its end. */
    public static void main(String[] args) throws IOException {
        try (SmallModel model = new SmallModel(2); PackedWeights weights = model.open(Path.of(args[0]))) {
            if (args[1].equals("half")) {
                weights.pack(model.matrices.getFirst(), model.team);
                System.out.println("half");
                System.out.println(System.in.read());
            }
            CRC32C checksum = new CRC32C();
            model.packAll(weights).forEach(checksum::update);
            weights.finish();
            System.out.println(checksum.getValue());
        }
    }
}
