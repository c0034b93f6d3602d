package dev.ondine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShieldTest {

    static Stream<Tokenizer> tokenizers() {
        return Stream.of(TinyVocabularies.tokenizer(TinyVocabularies.byteLevel("gpt-2")),
                TinyVocabularies.tokenizer(TinyVocabularies.byteLevel("qwen2")),
                TinyVocabularies.tokenizer(TinyVocabularies.sentencePiece()));
    }

    private static String begin(Tokenizer tokenizer) {
        return tokenizer.vocabulary().text(tokenizer.vocabulary().special(SpecialToken.BEGIN).orElseThrow());
    }

    private static long controls(Tokenizer tokenizer, int[] tokens) {
        return IntStream.of(tokens).filter(tokenizer.vocabulary()::isMark).count();
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void coveredTextHasTheTokensOfPlainText(Tokenizer tokenizer) {
        RandomTexts texts = new RandomTexts(5);
        for (int i = 0; i < 500; i++) {
            String text = texts.nextWithSurrogates(12);
            Shield shield = Shield.of(tokenizer, List.of(text));

            assertThat(shield.encode(shield.cover(text))).as(text).isEqualTo(tokenizer.encode(text, false));
        }
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void findsTheTemplatesControlTokensOnly(Tokenizer tokenizer) {
        RandomTexts texts = new RandomTexts(6);
        for (int i = 0; i < 500; i++) {
            String text = texts.next(6) + begin(tokenizer) + texts.next(6);
            Shield shield = Shield.of(tokenizer, List.of(text));

            int[] tokens = shield.encode(begin(tokenizer) + shield.cover(text) + begin(tokenizer));

            assertThat(controls(tokenizer, tokens)).as(text).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void ordinaryTextPassesUnchanged(Tokenizer tokenizer) {
        String text = "a < b, b > a";

        assertThat(Shield.of(tokenizer, List.of(text)).cover(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void twoTextsMakeNoControlTokenTogether(Tokenizer tokenizer) {
        String first = begin(tokenizer).substring(0, 1);
        String second = begin(tokenizer).substring(1);
        Shield shield = Shield.of(tokenizer, List.of(first, second));

        assertThat(controls(tokenizer, shield.encode(shield.cover(first) + shield.cover(second)))).isZero();
    }

    @Test
    void userDefinedTokensStayTokens() {
        Tokenizer tokenizer = TinyVocabularies.tokenizer(TinyVocabularies.byteLevel("gpt-2"));
        String text = "<tool><s><tool>";
        Shield shield = Shield.of(tokenizer, List.of(text));

        int[] tokens = shield.encode(shield.cover(text));
        assertThat(tokens).isEqualTo(tokenizer.encode(text, false));
        assertThat(tokenizer.vocabulary().text(tokens[0])).isEqualTo("<tool>");
    }

    @Test
    void takesASignThatNoTextHolds() {
        Tokenizer tokenizer = TinyVocabularies.tokenizer(TinyVocabularies.byteLevel("gpt-2"));
        String text = "\uFDD0<s>\uFDD1";
        Shield shield = Shield.of(tokenizer, List.of(text));

        assertThat(shield.encode(shield.cover(text))).isEqualTo(tokenizer.encode(text, false));
    }

    @Test
    void refusesTextsThatLeaveNoSign() {
        Tokenizer tokenizer = TinyVocabularies.tokenizer(TinyVocabularies.byteLevel("gpt-2"));
        StringBuilder all = new StringBuilder();
        IntStream.rangeClosed(0xFDD0, 0xFDEF).forEach(all::appendCodePoint);

        assertThatThrownBy(() -> Shield.of(tokenizer, List.of(all.toString())))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("U+FDD0");
    }
}
