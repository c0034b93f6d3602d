package dev.ondine.os;

import dev.ondine.engine.GeneratedToken;
import java.util.List;

/** Who wants to hear of a task. Called by the kernel's thread: it returns at once and throws nothing. */
public interface TaskListener {

    /** Scores of prompt tokens, where they are wanted, piece by piece; the first token of a prompt has none. */
    void promptScores(List<GeneratedToken> tokens);

    void token(GeneratedToken token);

    /** @param rest of the text, which was held back */
    void done(String rest, TaskResult result);
}
