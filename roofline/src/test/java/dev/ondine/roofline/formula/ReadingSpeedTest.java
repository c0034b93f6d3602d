package dev.ondine.roofline.formula;

import static dev.ondine.roofline.formula.Published.assertDigits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReadingSpeedTest {

    @ParameterizedTest(name = "{0} words/min: {1} and {2} tokens/s")
    @CsvSource({"183, 4.07, 6.1", "238, 5.29, 7.93", "250, 5.56, 8.33", "260, 5.78, 8.67", "1000, 22.2, 33.3"})
    @DisplayName("Brysbaert 2019 and SemiAnalysis: the deck's reading speeds at 1.333 and 2 tokens per word")
    void table(double wordsPerMinute, String typical, String generous) {
        ReadingSpeed speed = ReadingSpeed.published().stream().filter(each -> each.wordsPerMinute() == wordsPerMinute)
                .findAny().orElseThrow();
        assertDigits(speed.tokensPerSecond(ReadingSpeed.TYPICAL_TOKENS_PER_WORD), typical);
        assertDigits(speed.tokensPerSecond(ReadingSpeed.GENEROUS_TOKENS_PER_WORD), generous);
    }

    @Test
    @DisplayName("SemiAnalysis: 250 words/min leave 120 ms per token, 1000 leave 30 ms")
    void semiAnalysis() {
        assertDigits(1e3 * ReadingSpeed.NORMAL.secondsPerToken(2), "120");
        assertDigits(1e3 * ReadingSpeed.SKIMMING.secondsPerToken(2), "30");
    }

    @Test
    void slowestFirst() {
        assertThat(ReadingSpeed.published()).isSortedAccordingTo(Comparator.comparingDouble(ReadingSpeed::wordsPerMinute));
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> new ReadingSpeed("me", 0, "")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("words per minute is 0, expected 1 to 100000");
        assertThatThrownBy(() -> ReadingSpeed.ALOUD.tokensPerSecond(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
