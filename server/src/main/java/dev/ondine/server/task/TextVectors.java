package dev.ondine.server.task;

import dev.ondine.api.Embedding;
import dev.ondine.api.TaskBuilder;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.http.Exchange;
import java.util.ArrayList;
import java.util.List;

/** Has texts turned into vectors for a client that waits, some at a time. */
public final class TextVectors {

    /** Tasks of one request in the queue, so that it leaves room for others. */
    private static final int AT_ONCE = 64;

    private TextVectors() {
    }

    /** The vectors of texts, given as tokens. It ends when the client goes away. @throws ApiFailure if one does not fit the model */
    public static List<Embedding> of(Exchange exchange, TaskBuilder order, List<int[]> texts) {
        Thread worker = Thread.currentThread();
        exchange.whenGone(worker::interrupt);
        List<Embedding> embeddings = new ArrayList<>();
        for (int from = 0; from < texts.size(); from += AT_ONCE) {
            List<int[]> some = texts.subList(from, Math.min(from + AT_ONCE, texts.size()));
            embeddings.addAll(TaskFailures.translated(() -> some(order, some)));
        }
        return embeddings;
    }

    private static List<Embedding> some(TaskBuilder order, List<int[]> texts) {
        try {
            return order.embedTokens(texts);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiFailure.of(503, "stopping", "the server is stopping");
        }
    }
}
