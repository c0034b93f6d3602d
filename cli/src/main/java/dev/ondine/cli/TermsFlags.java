package dev.ondine.cli;

import dev.ondine.os.Deadline;
import dev.ondine.os.PriorityClass;
import dev.ondine.os.TaskTerms;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options that say on what terms an answer is made. */
final class TermsFlags {

    @Option(names = "--priority", paramLabel = "CLASS", defaultValue = "foreground",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private PriorityClass priority;

    @Option(names = "--deadline", paramLabel = "TIME", converter = TimeSpan.class,
            description = "Refuse at once what cannot be done in this time, such as 500ms or 10s: -n tokens, or without -n the first one.")
    private Duration deadline;

    /** @param maxTokens of the answer, {@link Integer#MAX_VALUE} if nobody said */
    TaskTerms terms(int maxTokens) {
        TaskTerms terms = TaskTerms.FOREGROUND.with(priority);
        if (deadline == null) {
            return terms;
        }
        return terms.with(maxTokens == Integer.MAX_VALUE ? Deadline.firstToken(deadline) : Deadline.completion(maxTokens, deadline));
    }
}
