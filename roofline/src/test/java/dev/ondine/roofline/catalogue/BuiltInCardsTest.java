package dev.ondine.roofline.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.DeviceKind;
import dev.ondine.roofline.device.Figure;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.device.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The data files against arithmetic and against published numbers. */
final class BuiltInCardsTest {

    private static final Catalogue CATALOGUE = Catalogue.builtIn();
    private static final Path RESOURCES = Path.of("src/main/resources/dev/ondine/roofline/catalogue");

    @ParameterizedTest(name = "{0}: {1} GB/s")
    @CsvSource({"dimensity-9300, 76.8", "dimensity-9300-plus, 76.8", "dimensity-9200, 68.3", "dimensity-8300, 68.3", "snapdragon-8-gen-2, 67.2",
        "snapdragon-8-gen-3, 76.8", "snapdragon-8-elite, 84.8", "apple-a17-pro, 51.2", "apple-m3, 102.4", "apple-m3-max, 400",
        "apple-m3-max-14, 300", "apple-m4, 120", "exynos-2400, 68.3", "tensor-g3, 68.3", "snapdragon-x-elite, 135.2", "raspberry-pi-5, 17.1",
        "jetson-orin-nano, 68", "jetson-orin-nano-super, 102.4", "jetson-agx-orin, 204.8", "a100-80, 2040", "a100-40, 1555", "tpu-v4, 1200",
        "h100, 3350", "l4, 300", "tpu-v5e, 820", "h200, 4800", "mi300x, 5300"})
    void bandwidthIsThePublishedOne(String id, double gigabytes) {
        assertThat(CATALOGUE.device(id).required(Spec.MEMORY_BANDWIDTH) / 1e9).isCloseTo(gigabytes, within(0.05));
    }

    /** Dense operations, from the makers' tables as collected in Stas Bekman's Machine Learning Engineering. */
    @ParameterizedTest(name = "{0}: {1} TFLOPS, {2} TOPS, {3} % reached")
    @CsvSource({"a100-80, 312, 624, 87", "h100, 989, 1979, 80", "h200, 989, 1979, 80", "mi300x, 1307, 2600, 51"})
    void cloudPeaksAreDense(String id, double half, double bytes, double percent) {
        Device device = CATALOGUE.device(id);
        assertThat(device.required(Spec.FP16_PEAK)).isCloseTo(half * 1e12, withinPercentage(1e-9));
        assertThat(device.required(Spec.INT8_PEAK)).isCloseTo(bytes * 1e12, withinPercentage(1e-9));
        assertThat(device.required(Spec.COMPUTE_EFFICIENCY)).isCloseTo(percent / 100, withinPercentage(1e-9));
        assertThat(device.figure(Spec.FP16_PEAK).trust()).isEqualTo(Trust.STATED);
    }

    /** Where rate and width of the bus are known the product is the bandwidth; makers round by up to three in a hundred. */
    @ParameterizedTest
    @MethodSource("devices")
    void bandwidthIsRateTimesWidth(Device device) {
        if (device.knows(Spec.MEMORY_RATE) && device.knows(Spec.MEMORY_BUS)) {
            Figure bandwidth = device.figure(Spec.MEMORY_BANDWIDTH);
            double product = device.required(Spec.MEMORY_RATE) * device.required(Spec.MEMORY_BUS) / 8 * memory(device).usable().or(1);
            boolean arithmetic = bandwidth.source().startsWith("arithmetic");
            assertThat(bandwidth.value()).isCloseTo(product, withinPercentage(arithmetic ? 0.3 : 3));
        }
    }

    @ParameterizedTest
    @MethodSource("memories")
    void bandwidthOfAMemoryIsRateTimesWidth(MemoryKind memory) {
        if (memory.bytesPerSecond().source().startsWith("arithmetic")) {
            assertThat(memory.bytesPerSecond(memory.widthBits().value())).isCloseTo(memory.bytesPerSecond().value(), withinPercentage(0.1));
        }
    }

    /** Wikipedia's table for LPDDR, Stas Bekman's for HBM. */
    @ParameterizedTest(name = "{0} on {1} bit: {2} GB/s")
    @CsvSource({"lpddr4x, 64, 34.1", "lpddr4x, 128, 68.3", "lpddr5, 16, 12.8", "lpddr5, 64, 51.2", "lpddr5, 128, 102.4", "lpddr5x, 16, 17.1",
        "lpddr5x, 64, 68.3", "lpddr5x, 128, 136.5", "lpddr5t, 64, 76.8", "lpddr5t, 128, 153.6", "lpddr6, 24, 38.4", "hbm2, 1024, 307.2",
        "hbm2e, 1024, 460.8", "hbm3, 1024, 819.2", "hbm3e, 1024, 1228.8", "hbm4, 2048, 2048"})
    void memoriesDeliverWhatTheirTablesSay(String id, double bits, double gigabytes) {
        assertThat(CATALOGUE.memory(id).bytesPerSecond(bits) / 1e9).isCloseTo(gigabytes, within(0.05));
    }

    /** An LPDDR6 channel moves 32.0 to 43.2 GB/s, of which eight ninths are data (JESD209-6). */
    @Test
    void lpddr6IsCountedWithoutItsOverhead() {
        MemoryKind slow = CATALOGUE.memory("lpddr6-10667");
        assertThat(slow.transfersPerSecond().value() * 24 / 8 / 1e9).isCloseTo(32.0, within(0.05));
        assertThat(slow.bytesPerSecond(24) / 1e9).isCloseTo(32.0 * 8 / 9, within(0.05));
    }

    @ParameterizedTest
    @MethodSource("devices")
    void everyFigureHasASourceAndOnlyWhatIfsAssume(Device device) {
        assertThat(device.figures()).isNotEmpty().allSatisfy((spec, figure) -> {
            assertThat(figure.source()).as(spec.key()).isNotBlank();
            assertThat(figure.trust() == Trust.ASSUMED).as(spec.key()).isEqualTo(device.kind() == DeviceKind.WHAT_IF);
            assertThat(figure.trust()).as(spec.key()).isNotEqualTo(Trust.MEASURED);
        });
    }

    @ParameterizedTest
    @MethodSource("devices")
    void whatRestsOnTalkIsNotStated(Device device) {
        device.figures().forEach((spec, figure) -> {
            if (figure.source().contains("generally reported") || figure.source().startsWith("arithmetic")) {
                assertThat(figure.trust()).as(device.id() + " " + spec.key()).isNotEqualTo(Trust.STATED);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("devices")
    void memoryIsInTheCatalogue(Device device) {
        if (!device.memory().isEmpty()) {
            assertThat(memory(device).id()).isEqualTo(device.memory());
        }
    }

    @Test
    void aDecadeOfPhonesIsThere() {
        List<Integer> years = CATALOGUE.devices().stream().filter(device -> device.kind() == DeviceKind.PHONE)
                .map(device -> (int) device.required(Spec.YEAR)).distinct().sorted().toList();
        assertThat(years).containsExactly(2014, 2015, 2016, 2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025);
    }

    @ParameterizedTest
    @CsvSource({"devices, .device", "memories, .memory", "published, .rates"})
    void indexListsEveryFile(String folder, String end) throws IOException {
        try (Stream<Path> files = Files.list(RESOURCES.resolve(folder))) {
            List<String> names = files.map(file -> file.getFileName().toString()).filter(name -> !name.equals("index.txt")).toList();
            assertThat(names).allMatch(name -> name.endsWith(end));
            assertThat(Files.readAllLines(RESOURCES.resolve(folder).resolve("index.txt"))).containsExactlyInAnyOrderElementsOf(names);
        }
    }

    @ParameterizedTest
    @MethodSource("devices")
    void aDeviceHasAFileOfItsName(Device device) {
        assertThat(RESOURCES.resolve("devices").resolve(device.id() + ".device")).isRegularFile();
    }

    private static MemoryKind memory(Device device) {
        return CATALOGUE.memory(device.memory());
    }

    private static List<Device> devices() {
        return CATALOGUE.devices();
    }

    private static List<MemoryKind> memories() {
        return CATALOGUE.memories();
    }
}
