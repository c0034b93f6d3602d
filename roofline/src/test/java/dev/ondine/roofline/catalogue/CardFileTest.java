package dev.ondine.roofline.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Figure;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.device.Trust;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CardFileTest {

    private static final String HEAD = "[x]\nname: X\nkind: phone\n";

    @Test
    void readsWordsFiguresAndComments() {
        List<Card> cards = CardFile.parse("two.device", """
                # two devices

                [one]
                name:   The first: one
                [two.5-b]
                kind: what-if
                memory bandwidth: 76.8 GB/s | inferred | 9600 MT/s x 64 bit | by hand
                """);
        assertThat(cards).extracting(Card::id).containsExactly("one", "two.5-b");
        assertThat(cards.get(0).required("name").text()).isEqualTo("The first: one");
        assertThat(cards.get(1).line()).isEqualTo(5);
        assertThat(cards.get(1).required("memory bandwidth").figure(Spec.MEMORY_BANDWIDTH))
                .isEqualTo(new Figure(76.8e9, Trust.INFERRED, "9600 MT/s x 64 bit | by hand"));
    }

    @Test
    void readsADevice() {
        Device device = device(HEAD + "accelerators: A, B\nmaker: M\nint8 peak: ? | unknown | kept secret\npower: 4 W | stated | box");
        assertThat(device.name()).isEqualTo("X");
        assertThat(device.accelerators()).containsExactly("A", "B");
        assertThat(device.knows(Spec.INT8_PEAK)).isFalse();
        assertThat(device.figure(Spec.INT8_PEAK).source()).isEqualTo("kept secret");
        assertThat(device.number(Spec.POWER, 0)).isEqualTo(4);
        assertThat(device.knows(Spec.BATTERY)).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '¦', textBlock = """
            memory bus: 64 furlongs | stated | x ¦ "64 furlongs" is not in bits; expected a number and one of bit
            memory bus: 2 bit | stated | x       ¦ memory bus is 2 bit, expected 8.0 to 65536.0 bit
            memory bandwidth: 76.8 | stated | x  ¦ memory bandwidth is 76.8, expected 1000000.0 to
            memory bus: 64 bit | sure | x        ¦ trust "sure", expected one of measured, stated, inferred, rumoured, assumed, unknown
            memory bus: 64 bit                   ¦ does not say trust and source, expected "value unit | trust | source"
            memory bus: 64 bit | stated          ¦ does not say its source
            memory bus: 64 bit | stated |        ¦ does not say its source
            memory bus: ? | stated | x           ¦ expected "?" with unknown, and only with unknown
            memory bus: 64 bit | unknown | x     ¦ expected "?" with unknown, and only with unknown
            memory bandwith: 1 GB/s | stated | x ¦ no key is called "memory bandwith"; nearest: memory bandwidth
            name: Y                              ¦ "name" of [x] is in line 2 already
            maker:                               ¦ "maker:" has no value
            nonsense                             ¦ "nonsense" is neither "[id]" nor "key: value"
            [Large Letters]                      ¦ "[Large Letters]" is no id
            [x]                                  ¦ [x] is in line 1 already
            """)
    void refusesAWrongLineWithFileAndLine(String line, String message) {
        assertThatThrownBy(() -> device(HEAD + line)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("my.device:4: ").hasMessageContaining(message);
    }

    @Test
    void refusesWhatIsMissing() {
        assertThatThrownBy(() -> device("\n[x]\nkind: pc")).hasMessage("my.device:2: [x] has no \"name:\"");
        assertThatThrownBy(() -> device("[x]\nname: X\nkind: toaster"))
                .hasMessage("my.device:3: kind: \"toaster\", expected one of phone, pc, edge, cloud, what-if");
        assertThatThrownBy(() -> device("name: X")).hasMessage("my.device:1: \"name: X\" comes before the first [id]");
    }

    private static Device device(String text) {
        return DeviceCard.read(CardFile.parse("my.device", text).getFirst());
    }
}
