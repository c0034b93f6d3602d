package dev.ondine.roofline.formula;

import java.util.List;

/**
 * How fast people take in English text.
 *
 * @param activity       {@code reading aloud}, {@code skimming}
 * @param wordsPerMinute mean of adults
 * @param source         of the figure
 * @see <a href="https://doi.org/10.1016/j.jml.2019.104047">Brysbaert, How many words do we read per minute?</a>, 190 studies of
 *      18,573 people
 */
public record ReadingSpeed(String activity, double wordsPerMinute, String source) {

    public static final ReadingSpeed ALOUD = new ReadingSpeed("reading aloud", 183, "Brysbaert 2019, 77 studies");
    public static final ReadingSpeed SILENT = new ReadingSpeed("reading silently", 238, "Brysbaert 2019, non-fiction, most 175 to 300");
    public static final ReadingSpeed NORMAL = new ReadingSpeed("normal reading", 250, "Liang, ISPD 2024, and SemiAnalysis");
    public static final ReadingSpeed FICTION = new ReadingSpeed("reading fiction", 260, "Brysbaert 2019, 200 to 320");
    public static final ReadingSpeed SKIMMING = new ReadingSpeed("skimming", 1000, "Liang, ISPD 2024, and SemiAnalysis");

    /** Tokens of an English word: 100 tokens are about 75 words. */
    public static final double TYPICAL_TOKENS_PER_WORD = 4.0 / 3;

    /** What SemiAnalysis counts, and by its lines the deck too. */
    public static final double GENEROUS_TOKENS_PER_WORD = 2;

    public ReadingSpeed {
        Require.within("words per minute", wordsPerMinute, 1, 100_000);
    }

    /** From the slowest to the fastest. */
    public static List<ReadingSpeed> published() {
        return List.of(ALOUD, SILENT, NORMAL, FICTION, SKIMMING);
    }

    /** Tokens per second that keep up with the reader. @param tokensPerWord differs by language and tokenizer */
    public double tokensPerSecond(double tokensPerWord) {
        return wordsPerMinute * Require.positive("tokens per word", tokensPerWord) / 60;
    }

    /** Seconds that a token may take. */
    public double secondsPerToken(double tokensPerWord) {
        return 1 / tokensPerSecond(tokensPerWord);
    }
}
