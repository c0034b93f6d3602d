package dev.ondine.os.simulate;

import java.time.Duration;
import java.util.List;

/**
 * What a simulated task does.
 *
 * @param answerTokens that it generates, all told; at least 1
 * @param tools        that it waits for on the way, in the order of {@code afterTokens}
 */
public record SimulatedWork(int answerTokens, List<ToolWait> tools) {

    public SimulatedWork {
        tools = List.copyOf(tools);
    }

    /**
     * A wait for a tool.
     *
     * @param afterTokens of the answer, tokens of earlier tools not counted
     * @param time        that the tool takes
     * @param moreTokens  of its answer, that the task then reads
     */
    public record ToolWait(int afterTokens, Duration time, int moreTokens) {
    }
}
