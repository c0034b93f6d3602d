package dev.ondine.roofline.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.DeviceKind;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.device.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The description of the card files, against the code that reads them. */
final class CatalogueDocumentTest {

    private final String document = read();

    @ParameterizedTest
    @EnumSource(Spec.class)
    void describesEveryFigureOfADevice(Spec spec) {
        String row = row(spec.key());
        assertThat(row.split("\\|")[2]).contains(spec.unit().base());
    }

    @Test
    void describesEveryKeyOfADeviceAndAMemory() {
        assertThat(DeviceCard.KEYS).allSatisfy(key -> assertThat(document).contains("`" + key + "`"));
        assertThat(MemoryCard.KEYS).allSatisfy(key -> assertThat(document).contains("`" + key + "`"));
    }

    @Test
    void describesEveryKeyOfAModel() {
        assertThat(ModelCardReader.KEYS).allSatisfy(key -> assertThat(document).contains("`" + key + "`"));
        assertThat(ModelShapeKeys.ALL).allSatisfy(key -> assertThat(document).contains("`" + key + "`"));
    }

    @Test
    void describesEveryKeyOfAPublishedSpeed() {
        assertThat(PublishedRateCard.KEYS).allSatisfy(key -> assertThat(row(key)).isNotBlank());
        assertThat(PublishedRate.Quantity.values()).allSatisfy(quantity -> assertThat(row("kind"))
                .contains("`" + quantity.name().toLowerCase(Locale.ROOT).replace('_', '-') + "`"));
        assertThat(PublishedRate.Stack.values()).allSatisfy(stack -> assertThat(row("stack"))
                .contains("`" + stack.name().toLowerCase(Locale.ROOT) + "`"));
    }

    @Test
    void namesEveryTrustAndKind() {
        assertThat(Trust.values()).allSatisfy(trust -> assertThat(document).contains("| `" + trust.name().toLowerCase(Locale.ROOT) + "` |"));
        assertThat(DeviceKind.values()).allSatisfy(kind -> assertThat(document)
                .contains("`" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + "`"));
    }

    @Test
    void itsExampleIsADevice() {
        String example = document.split("```")[1];
        Device device = DeviceCard.read(CardFile.parse("docs/catalogue.md", example).getFirst());
        assertThat(device.number(Spec.MEMORY_BANDWIDTH, 0)).isEqualTo(68.3e9);
        assertThat(Catalogue.builtIn().memory(device.memory()).name()).isEqualTo("LPDDR5X");
    }

    private String row(String key) {
        return document.lines().filter(line -> line.startsWith("| `" + key + "` |")).findFirst()
                .orElseThrow(() -> new AssertionError("docs/catalogue.md does not describe \"" + key + "\""));
    }

    private static String read() {
        try {
            return Files.readString(Path.of("../docs/catalogue.md"));
        } catch (IOException missing) {
            throw new AssertionError(missing);
        }
    }
}
