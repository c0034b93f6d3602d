package dev.ondine.engine;

import dev.ondine.text.grammar.Grammar;
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
 * @param grammar      that the text is held to; it ends where the grammar leaves no other way
 * @param shownMarks   names of control tokens that are part of the text, such as {@code [TOOL_CALLS]}
 */
public record GenerationOptions(int maxTokens, SamplingOptions sampling, List<String> stop, int scores, boolean promptScores,
                                boolean ignoresEnd, Optional<Grammar> grammar, Set<String> shownMarks) {

    /** Most likeliest tokens that are told. */
    public static final int MOST_SCORES = 20;

    /** @throws IllegalArgumentException if a value is outside its range, or a text with a grammar is to go on after its end */
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
        if (ignoresEnd && grammar.isPresent()) {
            throw new IllegalArgumentException("a text that is held to a grammar ends with it; ask for one or to ignore its end, not both");
        }
        stop = List.copyOf(stop);
        shownMarks = Set.copyOf(shownMarks);
    }

    /** Text alone, without scores. */
    public GenerationOptions(int maxTokens, SamplingOptions sampling, List<String> stop) {
        this(maxTokens, sampling, stop, -1, false, false, Optional.empty(), Set.of());
    }

    public GenerationOptions withScores(int likeliest) {
        return new GenerationOptions(maxTokens, sampling, stop, likeliest, promptScores, ignoresEnd, grammar, shownMarks);
    }

    public GenerationOptions withPromptScores(boolean wanted) {
        return new GenerationOptions(maxTokens, sampling, stop, scores, wanted, ignoresEnd, grammar, shownMarks);
    }

    public GenerationOptions ignoringEnd(boolean ignores) {
        return new GenerationOptions(maxTokens, sampling, stop, scores, promptScores, ignores, grammar, shownMarks);
    }

    public GenerationOptions heldTo(Optional<Grammar> language) {
        return new GenerationOptions(maxTokens, sampling, stop, scores, promptScores, ignoresEnd, language, shownMarks);
    }

    public GenerationOptions showing(Set<String> marks) {
        return new GenerationOptions(maxTokens, sampling, stop, scores, promptScores, ignoresEnd, grammar, marks);
    }
}
