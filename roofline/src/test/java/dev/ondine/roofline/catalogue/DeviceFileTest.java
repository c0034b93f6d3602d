package dev.ondine.roofline.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.roofline.device.Curve;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.DeviceKind;
import dev.ondine.roofline.device.Figure;
import dev.ondine.roofline.device.KernelTimes;
import dev.ondine.roofline.device.KernelTimes.AttentionTimes;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.device.Trust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceFileTest {

    private static final Device MEASURED = new Device("here", "A processor", "", DeviceKind.PC, "", List.of("2 threads"),
            Map.of(Spec.MEMORY_BANDWIDTH, new Figure(31.25e9, Trust.MEASURED, "plain reads"),
                    Spec.INT8_PEAK, Figure.unknown("no machine code here")),
            Optional.of(new KernelTimes(2, Map.of(2, new Curve(new double[] {1 << 20, 1 << 28}, new double[] {2e11, 3.1e10})),
                    new Curve(new double[] {1 << 20, 1 << 28}, new double[] {1e-11, 3e-11}),
                    Map.of("Q4_0", new Curve(new double[] {1, 8, 512}, new double[] {1.8e-11, 3.4e-11, 9e-10})), 288e6,
                    Map.of("F16", new AttentionTimes(3e-11, 4e-12, 1.6e8)), 2e-7, 3.1e-7, 2e-6)));

    @TempDir
    private Path folder;

    @Test
    void isReadAsItWasWritten() throws Exception {
        Files.write(folder.resolve("here.device"), DeviceFile.lines(MEASURED, "calibrated"));

        assertThat(Catalogue.builtIn().with(folder).device("here")).isEqualTo(MEASURED);
    }

    @Test
    void saysWhichTimeIsNone() throws Exception {
        List<String> lines = DeviceFile.lines(MEASURED, "calibrated").stream().map(line -> line.replace("8=3.4E-11", "8:3.4E-11")).toList();
        Files.write(folder.resolve("here.device"), lines);

        assertThatThrownBy(() -> Catalogue.builtIn().with(folder)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("here.device:").hasMessageContaining("\"8:3.4E-11\", expected x=y");
    }
}
