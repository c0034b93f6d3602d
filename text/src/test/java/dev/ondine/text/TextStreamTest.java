package dev.ondine.text;

import static dev.ondine.text.TinyVocabularies.tokenizer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TextStreamTest {

    private final Tokenizer bytes = tokenizer(TinyVocabularies.byteLevel("gpt-2"));
    private final Tokenizer pieces = tokenizer(TinyVocabularies.sentencePiece());

    @Test
    void anyTokensStreamToTheTextOfAllBytesThatAreText() {
        Random random = new Random(11);
        for (int i = 0; i < 3000; i++) {
            int[] tokens = random.ints(random.nextInt(12), 0, random.nextBoolean() ? 256 : bytes.vocabulary().size()).toArray();
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            TextStream stream = TextStream.fromStart(bytes);
            StringBuilder streamed = new StringBuilder();
            for (int token : tokens) {
                all.writeBytes(bytes.vocabulary().isMark(token) ? new byte[0] : bytes.vocabulary().bytes(token));
                streamed.append(stream.accept(token));
            }
            assertThat(streamed.append(stream.finish())).hasToString(all.toString(UTF_8));
        }
    }

    @Test
    void neverShowsHalfACharacter() {
        RandomTexts texts = new RandomTexts(13);
        for (int i = 0; i < 500; i++) {
            TextStream stream = TextStream.fromStart(pieces);
            for (int token : pieces.encode(texts.next(20), false)) {
                String text = stream.accept(token);
                assertThat(text).doesNotContain("\uFFFD");
                assertThat(text.isEmpty() || !Character.isHighSurrogate(text.charAt(text.length() - 1))).isTrue();
            }
            assertThat(stream.finish()).isEmpty();
        }
    }

    @Test
    void holdsBackAnUnfinishedCharacterAndShowsItsLossAtTheEnd() {
        int[] tokens = pieces.encode("你", false);
        TextStream stream = TextStream.fromStart(pieces);
        for (int i = 0; i < tokens.length - 1; i++) {
            assertThat(stream.accept(tokens[i])).isEmpty();
        }
        assertThat(stream.finish()).isEqualTo("\uFFFD");
        assertThat(stream.finish()).isEmpty();
    }

    @Test
    void keepsTheSpaceOfATextThatGoesOn() {
        int[] tokens = pieces.encode("the", false);
        StringBuilder text = new StringBuilder();
        TextStream stream = TextStream.continuing(pieces);
        for (int token : tokens) {
            text.append(stream.accept(token));
        }
        assertThat(text).hasToString(" the");
    }

    @Test
    void showsTheControlTokensAskedFor() {
        int end = bytes.vocabulary().special(SpecialToken.END).orElseThrow();
        int begin = bytes.vocabulary().special(SpecialToken.BEGIN).orElseThrow();
        TextStream stream = TextStream.continuing(bytes, Set.of("<|im_end|>", "[NONE]"));
        assertThat(stream.accept(begin)).isEmpty();
        assertThat(stream.accept(end)).isEqualTo("<|im_end|>");
        assertThat(TextStream.continuing(bytes).accept(end)).isEmpty();
    }
}
