package dev.ondine.roofline.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ondine.roofline.catalogue.PublishedRate.Quantity;
import dev.ondine.roofline.catalogue.PublishedRate.Stack;
import dev.ondine.roofline.device.Trust;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PublishedRateCardTest {

    private static final String CARD = """
            [lab-thing]
            device: h100
            devices: 2
            model: llama-2-70b
            format: FP16
            kind: first-token
            prompt: 2_048
            stack: plain
            result: 114 ms | stated | somebody, 2024
            """;

    @Test
    void readsEveryLine() {
        PublishedRate rate = read(CARD);
        assertThat(rate.device()).isEqualTo("h100");
        assertThat(rate.devices()).isEqualTo(2);
        assertThat(rate.model()).isEqualTo("llama-2-70b");
        assertThat(rate.precision().name()).isEqualTo("FP16");
        assertThat(rate.quantity()).isEqualTo(Quantity.FIRST_TOKEN);
        assertThat(rate.promptTokens()).isEqualTo(2048);
        assertThat(rate.contextTokens()).isZero();
        assertThat(rate.batch()).isEqualTo(1);
        assertThat(rate.stack()).isEqualTo(Stack.PLAIN);
        assertThat(rate.result().value()).isEqualTo(0.114);
        assertThat(rate.result().trust()).isEqualTo(Trust.STATED);
    }

    @ParameterizedTest(name = "{0} -> {1}: {2}")
    @CsvSource(delimiter = ';', value = {
        "114 ms | stated; 114 tok/s | stated; lab.rates:9: result: \"114 tok/s\" is not in seconds",
        "first-token; decode; lab.rates:9: result: \"114 ms\" is not in tokens per second",
        "first-token; speed; lab.rates:6: kind: \"speed\", expected one of decode, prefill, first-token",
        "plain; fast; lab.rates:8: stack: \"fast\", expected one of tuned, plain",
        "FP16; FP17; lab.rates:5: format: there is no format \"FP17\"",
        "devices: 2; devices: 0; lab.rates:3: devices is 0, expected 1 to 100000",
        "devices: 2; device count: 2; lab.rates:3: no key is called \"device count\"",
        "114 ms | stated; ? | unknown; lab.rates:9: result: is unknown"})
    void refusesWhatIsWrong(String right, String wrong, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> read(CARD.replace(right, wrong))).withMessageStartingWith(message);
    }

    @Test
    void builtInCardsNameDevicesAndModelsOfTheCatalogue() {
        Catalogue catalogue = Catalogue.builtIn();
        assertThat(catalogue.publishedRates()).hasSizeGreaterThan(12).allSatisfy(rate -> {
            assertThat(catalogue.device(rate.device()).id()).isEqualTo(rate.device());
            assertThat(catalogue.model(rate.model()).shapeKnown()).isTrue();
        });
    }

    private static PublishedRate read(String text) {
        return PublishedRateCard.read(CardFile.parse("lab.rates", text).getFirst());
    }
}
