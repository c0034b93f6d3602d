package dev.ondine.cli;

import dev.ondine.api.start.KernelChoice;
import dev.ondine.roofline.catalogue.DeviceFile;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;
import dev.ondine.tensor.WorkerTeam;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;

/** {@code plan --calibrate}: measures this machine into a device file. */
final class CalibrateAction {

    private final BasicOptions options;
    private final Console console;

    CalibrateAction(BasicOptions options, Console console) {
        this.options = options;
        this.console = console;
    }

    int run() {
        Path folder = UserCatalogue.folder(console.environment());
        long startNanos = System.nanoTime();
        Device device = measure(folder);
        Path file = write(device, folder);
        double seconds = (System.nanoTime() - startNanos) * 1e-9;
        if (options.json()) {
            Json.print(console, Json.object("device", device.id(), "file", file.toString(), "seconds", seconds,
                    "memory_bytes_per_second", device.required(Spec.MEMORY_BANDWIDTH)));
        } else {
            console.out().println("%s: %.1f GB/s from memory; measured in %.0f s into %s".formatted(device.name(),
                    device.required(Spec.MEMORY_BANDWIDTH) / 1e9, seconds, file));
            console.out().println("\"ondine plan MODEL\" now plans for this machine.");
        }
        return ExitCode.DONE;
    }

    private Device measure(Path folder) {
        try (WorkerTeam team = options.newTeam()) {
            Files.createDirectories(folder);
            return new MachineCalibration(team, KernelChoice.AUTO, console, this::say).measure(UserCatalogue.HERE, folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void say(String next) {
        if (console.errorIsTerminal()) {
            console.say("measuring " + next);
        }
    }

    private static Path write(Device device, Path folder) {
        Path file = folder.resolve(UserCatalogue.HERE + ".device");
        OutputFile.write(file, DeviceFile.lines(device, "Measured by \"ondine plan --calibrate\" on " + LocalDate.now() + "."));
        return file;
    }
}
