package dev.ondine.api;

import dev.ondine.os.TaskHandle;
import dev.ondine.os.TaskResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * What a text means to a model.
 *
 * @param vector of unit length
 * @param tokens of the text
 */
public record Embedding(float[] vector, int tokens) {

    /** Waits for all; cancels the others where one fails. */
    static List<Embedding> of(List<TaskHandle> handles) throws InterruptedException {
        try {
            List<Embedding> all = new ArrayList<>();
            for (TaskHandle handle : handles) {
                TaskResult result = handle.result().get();
                if (result.embedding().length == 0) {
                    throw new IllegalStateException("a text has no embedding: %s %s".formatted(result.finishReason(), result.problem()));
                }
                all.add(new Embedding(result.embedding(), result.promptTokens()));
            }
            return all;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            handles.forEach(TaskHandle::cancel);
        }
    }

    /** The cosine of the angle to another one of the same model: 1 for the same meaning. */
    public double similarity(Embedding other) {
        double sum = 0;
        for (int i = 0; i < vector.length; i++) {
            sum += (double) vector[i] * other.vector[i];
        }
        return sum;
    }
}
