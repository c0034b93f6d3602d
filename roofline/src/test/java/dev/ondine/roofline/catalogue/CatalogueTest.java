package dev.ondine.roofline.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.device.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CatalogueTest {

    private static final Catalogue CATALOGUE = Catalogue.builtIn();

    @TempDir
    private Path folder;

    @Test
    void anUnknownIdIsAnsweredWithTheNearest() {
        assertThatThrownBy(() -> CATALOGUE.device("dimensity9300")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no device is called \"dimensity9300\"; nearest: dimensity-9300, dimensity-9300-plus");
        assertThatThrownBy(() -> CATALOGUE.device("snapdragon 8 gen 4"))
                .hasMessageContaining("nearest: snapdragon-8-gen-1, snapdragon-8-gen-2, snapdragon-8-gen-3");
        assertThatThrownBy(() -> CATALOGUE.memory("lpddr-5")).hasMessageContaining("no memory is called").hasMessageContaining("lpddr5");
        assertThatThrownBy(() -> CATALOGUE.device("toaster")).hasMessage("no device is called \"toaster\"");
    }

    @Test
    void aFolderAddsAndReplaces() throws IOException {
        write("mine/a.device", "[my-phone]\nname: Mine\nkind: phone\n[h100]\nname: Ours\nkind: cloud\npower: 1 W | stated | label\n");
        write("m.memory", "[my-memory]\nname: Mine\nrate: 8000 MT/s | assumed | x\nusable: 50 % | assumed | x\n");
        Catalogue mine = CATALOGUE.with(folder);
        assertThat(mine.devices()).hasSize(CATALOGUE.devices().size() + 1);
        assertThat(mine.device("my-phone").name()).isEqualTo("Mine");
        assertThat(mine.device("h100").figures()).containsOnlyKeys(Spec.POWER);
        assertThat(mine.memory("my-memory").bytesPerSecond(32)).isEqualTo(16e9);
        assertThat(CATALOGUE.device("h100").name()).isEqualTo("H100 SXM");
    }

    @Test
    void aSingleFileWillDo() throws IOException {
        Path file = write("calibrated.device", "[here]\nname: This machine\nkind: pc\nmemory bandwidth: 12 GB/s | measured | stream\n");
        assertThat(CATALOGUE.with(file).device("here").figure(Spec.MEMORY_BANDWIDTH).trust()).isEqualTo(Trust.MEASURED);
    }

    @Test
    void aBrokenFileIsNamedWithItsLine() throws IOException {
        Path file = write("b.device", "[b]\nname: B\nkind: phone\n\nmemory bus: 64 bits | stated | x\n");
        assertThatThrownBy(() -> CATALOGUE.with(folder)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + ":5: memory bus: \"64 bits\" is not in bits; expected a number and one of bit");
    }

    @Test
    void theSameIdTwiceIsRefused() throws IOException {
        Path first = write("a.device", "[same]\nname: A\nkind: phone\n");
        Path second = write("b.device", "\n[same]\nname: B\nkind: phone\n");
        assertThatThrownBy(() -> CATALOGUE.with(folder)).hasMessage(second + ":2: [same] is in " + first + ":1 already");
    }

    @Test
    void aMissingFolderAndAFileThatIsNoTextAreRefused() throws IOException {
        Path none = folder.resolve("none");
        assertThatThrownBy(() -> CATALOGUE.with(none)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(none + ": there is no such catalogue folder");
        Files.write(folder.resolve("bytes.device"), new byte[] {'[', (byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> CATALOGUE.with(folder)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bytes.device: cannot be read as UTF-8 text");
    }

    @Test
    void devicesComeInTheOrderOfTheirIds() {
        List<String> ids = CATALOGUE.devices().stream().map(Device::id).toList();
        assertThat(ids).hasSizeGreaterThan(100).isSorted().doesNotHaveDuplicates();
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
