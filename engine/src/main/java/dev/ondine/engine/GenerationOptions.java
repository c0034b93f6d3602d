package dev.ondine.engine;

import java.util.List;

/**
 * What to generate.
 *
 * @param maxTokens most tokens of the completion; 0 only reads the prompt
 * @param stop      strings that end the text; they are not part of it
 */
public record GenerationOptions(int maxTokens, SamplingOptions sampling, List<String> stop) {

    public GenerationOptions {
        if (maxTokens < 0) {
            throw new IllegalArgumentException("max tokens is %d, expected 0 or more".formatted(maxTokens));
        }
        if (stop.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("a stop string is empty, expected at least one character");
        }
        stop = List.copyOf(stop);
    }
}
