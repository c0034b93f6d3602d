package dev.ondine.api;

import dev.ondine.engine.FinishReason;
import dev.ondine.os.TaskResult;

/**
 * What a task gave.
 *
 * @param text   without control tokens and without a stop string
 * @param result tokens, counts and times
 */
public record Answer(String text, FinishReason finishReason, TaskResult result) {
}
