package dev.ondine.engine;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What to generate.
 *
 * @param maxTokens most tokens of the completion; 0 only reads the prompt
 * @param stop      strings that end the text; they are not part of it
 * @param scores    how many likeliest tokens to tell for each one, with their log probabilities; 0 for its own alone, -1 for none
 * @param promptScores whether the same is told of the prompt's tokens
 * @param ignoresEnd   whether tokens that end an answer are tokens like others
 * @param form         what the text is held to; empty for any text
 * @param shownMarks   control tokens that are part of the text, such as those around tool calls
 */
public record GenerationOptions(int maxTokens, SamplingOptions sampling, List<String> stop, int scores, boolean promptScores,
                                boolean ignoresEnd, Optional<AnswerForm> form, Set<String> shownMarks) {

    /** Most likeliest tokens that are told. */
    public static final int MOST_SCORES = 20;

    /** @throws IllegalArgumentException if a number is outside its range or a stop string is empty */
    public GenerationOptions {
        if (maxTokens < 0) {
            throw new IllegalArgumentException("max tokens is %d, expected 0 or more".formatted(maxTokens));
        }
        if (stop.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("a stop string is empty, expected at least one character");
        }
        if (scores < -1 || scores > MOST_SCORES) {
            throw new IllegalArgumentException("scores is %d, expected -1 to %d".formatted(scores, MOST_SCORES));
        }
        stop = List.copyOf(stop);
        shownMarks = Set.copyOf(shownMarks);
    }

    /** Any text. */
    public GenerationOptions(int maxTokens, SamplingOptions sampling, List<String> stop, int scores, boolean promptScores,
                             boolean ignoresEnd) {
        this(maxTokens, sampling, stop, scores, promptScores, ignoresEnd, Optional.empty(), Set.of());
    }

    /** Text alone, without scores. */
    public GenerationOptions(int maxTokens, SamplingOptions sampling, List<String> stop) {
        this(maxTokens, sampling, stop, -1, false, false);
    }
}
