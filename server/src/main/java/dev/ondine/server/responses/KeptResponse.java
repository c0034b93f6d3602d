package dev.ondine.server.responses;

import dev.ondine.text.template.Message;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A response that a client may come back to.
 *
 * @param owner      who may see it
 * @param input      its items
 * @param asked      the conversation up to the answer, without instructions
 * @param cancel     ends it if it is not complete
 * @param latest     what is known of it so far
 * @param characters that it takes in memory, about
 */
record KeptResponse(String id, String owner, List<Map<String, Object>> input, List<Message> asked, Runnable cancel, LatestState latest,
                    long characters) {

    /** What is known of a response; others may look while it grows. */
    static final class LatestState {

        private volatile Map<String, Object> shown;
        private volatile List<Message> answered;
        private final CompletableFuture<Void> end = new CompletableFuture<>();

        LatestState(Map<String, Object> shown) {
            this.shown = shown;
        }

        void show(Map<String, Object> response) {
            shown = response;
        }

        /** It is complete. @param turns what the assistant has said and called */
        void end(Map<String, Object> response, List<Message> turns) {
            shown = response;
            answered = turns;
            end.complete(null);
        }

        Map<String, Object> shown() {
            return shown;
        }

        /** What the assistant has said and called; null while it goes on. */
        List<Message> answered() {
            return answered;
        }

        void await() {
            end.join();
        }
    }
}
