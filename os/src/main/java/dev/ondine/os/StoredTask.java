package dev.ondine.os;

import java.time.Instant;

/**
 * A durable task as it was submitted.
 *
 * @param submitted by the wall clock: deadlines count from then, also in another process
 * @param model     name of the model
 * @param identity  of all that decides what the model says
 * @param work      without its grammar: {@link Keepsake#grammar} tells how to make it again
 */
public record StoredTask(long id, Instant submitted, String model, String identity, TaskTerms terms, Work work, Keepsake keepsake) {
}
