package dev.ondine.roofline.formula;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModalTokensTest {

    @Test
    @DisplayName("ViT: 196 patches of 16 in 224 x 224; LLaVA-1.5: 576 of 14 in 336 x 336")
    void patches() {
        assertThat(TokenCounts.patches(224, 224, 16)).isEqualTo(196);
        assertThat(TokenCounts.patches(336, 336, 14)).isEqualTo(576);
    }

    @ParameterizedTest(name = "{0} x {1}: {2}")
    @CsvSource({"1024, 1024, 765", "2048, 4096, 1105", "512, 512, 255", "100, 100, 255", "1, 100000, 765"})
    @DisplayName("OpenAI, Images and vision: 85 + 170 for each tile")
    void tiles(int width, int height, long tokens) {
        assertThat(TokenCounts.tiled(width, height)).isEqualTo(tokens);
        assertThat(TokenCounts.glance()).isEqualTo(85);
    }

    @ParameterizedTest(name = "{0} kbit/s: {1} codebooks, {2} tokens/s")
    @CsvSource({"1.5, 2, 150", "3, 4, 300", "6, 8, 600", "12, 16, 1200", "24, 32, 2400"})
    @DisplayName("EnCodec at 24 kHz, and SoundStream at 6 kbit/s")
    void codecs(double kilobits, long codebooks, double tokens) {
        assertThat(TokenCounts.codebooks(1e3 * kilobits)).isEqualTo(codebooks);
        assertThat(TokenCounts.codecPerSecond(1e3 * kilobits)).isEqualTo(tokens);
    }

    @Test
    @DisplayName("Whisper: 3000 spectra of 30 s become 1500 positions, 50 per second")
    void speech() {
        assertThat(TokenCounts.speechPerSecond(16_000, 160, 1) * 30).isEqualTo(3000);
        assertThat(TokenCounts.speechPerSecond(16_000, 160, 2)).isEqualTo(50);
    }

    @ParameterizedTest(name = "{0}: {1} tokens/s")
    @CsvSource({"video-1fps, 576", "rt2-55b-1hz, 8", "rt2-55b-3hz, 24", "rt2-5b-5hz, 40", "whisper, 50", "soundstream-6, 600",
        "encodec-24, 2400"})
    @DisplayName("deck D.10: tokens per second of streams; RT-2's 8 numbers a step")
    void streams(String id, double tokens) {
        ModalTokens way = ModalTokens.named(id);
        assertThat(way.isStream()).isTrue();
        assertThat(way.tokensPerSecond(1)).isEqualTo(tokens);
    }

    @ParameterizedTest(name = "{0}: {1} tokens a {2}")
    @CsvSource({"vit-16, 196, image", "llava-1.5, 576, image", "gpt-4o-low, 85, image", "gpt-4o-1024, 765, image",
        "next-gpt-image, 4, image", "next-gpt-audio, 8, clip", "next-gpt-video, 24, clip"})
    @DisplayName("deck D.10: tokens of single items")
    void items(String id, double tokens, String item) {
        ModalTokens way = ModalTokens.named(id);
        assertThat(way.isStream()).isFalse();
        assertThat(way.tokens()).isEqualTo(tokens);
        assertThat(way.item()).isEqualTo(item);
    }

    @Test
    @DisplayName("deck D.4: a phone's GPU that reads 330 tokens/s cannot follow one frame of LLaVA a second")
    void camera() {
        assertThat(ModalTokens.named("llava-1.5").tokensPerSecond(1)).isGreaterThan(330);
    }

    @Test
    void idsAreUniqueAndUnknownOnesNameThem() {
        List<String> ids = ModalTokens.published().stream().map(ModalTokens::id).toList();
        assertThat(ids).doesNotHaveDuplicates();
        assertThatThrownBy(() -> ModalTokens.named("smell")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"smell\"").hasMessageContaining(String.join(", ", ids));
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> TokenCounts.patches(0, 10, 1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("width is 0, expected 1 to 1000000");
        assertThatThrownBy(() -> TokenCounts.patches(10, 10, 16)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("patch size is 16, expected 1 to 10");
    }
}
