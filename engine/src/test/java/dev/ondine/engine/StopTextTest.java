package dev.ondine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopTextTest {

    @Test
    void findsAStopStringAcrossPieces() {
        StopText stopText = new StopText(List.of("END"));
        assertThat(stopText.accept("one E")).isEqualTo("one ");
        assertThat(stopText.accept("N")).isEmpty();
        assertThat(stopText.accept("D two")).isEmpty();
        assertThat(stopText.isStopped()).isTrue();
        assertThat(stopText.accept("three")).isEmpty();
    }

    @Test
    void givesBackWhatOnlyLookedLikeAStopString() {
        StopText stopText = new StopText(List.of("END"));
        assertThat(stopText.accept("EN")).isEmpty();
        assertThat(stopText.accept("ough")).isEqualTo("ENough");
        assertThat(stopText.accept("E")).isEmpty();
        assertThat(stopText.flush()).isEqualTo("E");
        assertThat(stopText.isStopped()).isFalse();
    }

    @Test
    void theEarliestOfSeveralStopStringsWins() {
        StopText stopText = new StopText(List.of("cd", "b"));
        assertThat(stopText.accept("abcd")).isEqualTo("a");
    }

    @Test
    void anySplitOfTheTextGivesTheSame() {
        Random random = new Random(3);
        for (int round = 0; round < 2_000; round++) {
            String text = random.ints(12, 'a', 'd').collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
            String stop = text.substring(random.nextInt(6), 6 + random.nextInt(3));
            String expected = stop.isEmpty() || !text.contains(stop) ? text : text.substring(0, text.indexOf(stop));
            assertThat(inPieces(text, stop.isEmpty() ? List.of() : List.of(stop), random)).as("%s stop %s", text, stop).isEqualTo(expected);
        }
    }

    private static String inPieces(String text, List<String> stops, Random random) {
        StopText stopText = new StopText(stops);
        StringBuilder out = new StringBuilder();
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + random.nextInt(4));
            out.append(stopText.accept(text.substring(from, to)));
            from = to;
        }
        return out.append(stopText.flush()).toString();
    }
}
