package dev.ondine.os;

/**
 * What the one who submits a durable task keeps with it, to take it up again in another process.
 *
 * @param grammar what the task's grammar was made from, such as a JSON schema; empty for a task without one
 * @param client  anything, such as the request that the answer belongs to
 */
public record Keepsake(String grammar, String client) {

    public static final Keepsake NONE = new Keepsake("", "");
}
