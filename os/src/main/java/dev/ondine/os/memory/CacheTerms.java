package dev.ondine.os.memory;

/**
 * What must be known of a task to keep its cache.
 *
 * @param task         its number
 * @param app          who owns it
 * @param promptTokens of its prompt
 * @param shareable    how many of the first of them any app may see
 * @param isLossy      whether its cache may be compressed
 * @param mostReused   how many tokens it may take over from others; fewer than the prompt has where their logits are wanted
 */
public record CacheTerms(long task, String app, int promptTokens, int shareable, boolean isLossy, int mostReused) {
}
