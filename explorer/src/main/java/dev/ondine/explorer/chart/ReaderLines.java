package dev.ondine.explorer.chart;

import dev.ondine.explorer.chart.Chart.ReferenceLine;
import dev.ondine.roofline.formula.ReadingSpeed;
import java.util.List;
import java.util.stream.Stream;

/** Lines of how fast people read, in tokens per second. */
final class ReaderLines {

    static final List<String> SOURCES = List.of("Brysbaert 2019, doi.org/10.1016/j.jml.2019.104047", "SemiAnalysis, On Device AI");

    private ReaderLines() {
    }

    static List<ReferenceLine> at(double tokensPerWord) {
        return Stream.of(ReadingSpeed.SILENT, ReadingSpeed.NORMAL, ReadingSpeed.SKIMMING)
                .map(speed -> new ReferenceLine("%s, %s wpm".formatted(speed.activity(), Digits.brief(speed.wordsPerMinute())),
                        speed.tokensPerSecond(tokensPerWord))).toList();
    }

    static String note(double tokensPerWord) {
        return "Readers: %s tokens a word.".formatted(Digits.brief(tokensPerWord));
    }
}
