package dev.ondine.os;

import dev.ondine.engine.GeneratedToken;
import java.util.List;

/** Who wants to hear of a task. Called by the kernel's thread: it returns at once. A task whose listener fails has failed. */
public interface TaskListener {

    /** Scores of prompt tokens, where they are wanted, piece by piece; the first token of a prompt has none. */
    void promptScores(List<GeneratedToken> tokens);

    void token(GeneratedToken token);

    /** The model has ended its answer and the task waits for more tokens. @param rest of the text, which was held back */
    void answered(String rest);

    /** The end, told once. @param rest of the text, which was held back */
    void done(String rest, TaskResult result);
}
