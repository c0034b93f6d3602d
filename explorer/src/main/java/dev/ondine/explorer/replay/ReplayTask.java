package dev.ondine.explorer.replay;

import dev.ondine.os.TaskTerms;
import dev.ondine.os.simulate.SimulatedWork;

/**
 * One task of a replay.
 *
 * @param id      counted from 1 in the order of arrival
 * @param seconds since the start
 * @param terms   {@code after} holds ids of the replay
 * @param prompt  tokens
 */
public record ReplayTask(long id, double seconds, String stream, TaskTerms terms, int prompt, SimulatedWork work) {

    double toolSeconds() {
        return work.tools().stream().mapToDouble(tool -> tool.time().toNanos() * 1e-9).sum();
    }
}
