package dev.ondine.roofline.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SpellingTest {

    private static final List<String> NAMES = List.of("dimensity-9300", "dimensity-9300-plus", "h100", "h200", "rtx-4090");

    @Test
    void caseAndPunctuationDoNotCount() {
        assertThat(Spelling.distance("Dimensity 9300", "dimensity-9300")).isZero();
        assertThat(Spelling.nearest("dimensity9300", NAMES)).startsWith("dimensity-9300", "dimensity-9300-plus");
    }

    @Test
    void aBeginningIsNear() {
        assertThat(Spelling.nearest("dimen", NAMES)).containsExactly("dimensity-9300", "dimensity-9300-plus");
    }

    /** Levenshtein's own measure: kitten to sitting takes three. */
    @Test
    void countsEdits() {
        assertThat(Spelling.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Spelling.distance("h100", "h200")).isEqualTo(1);
    }

    @Test
    void offersNothingThatIsFar() {
        assertThat(Spelling.nearest("toaster", NAMES)).isEmpty();
        assertThat(Spelling.offer("toaster", NAMES)).isEmpty();
        assertThat(Spelling.offer("h10", NAMES)).isEqualTo("; nearest: h100, h200");
    }
}
