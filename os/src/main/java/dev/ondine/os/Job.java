package dev.ondine.os;

import dev.ondine.os.memory.TaskCache;
import java.util.Arrays;

/** What the engine knows of a task. */
record Job(Content content, TaskCache cache) {

    /** All that is known, a copy. */
    int[] tokens() {
        int[] tokens = new int[content.length()];
        Arrays.setAll(tokens, content::token);
        return tokens;
    }
}
