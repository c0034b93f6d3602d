package dev.ondine.server.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * A secret that lets its bearer in.
 *
 * @param name for logs and limits, never the secret itself
 * @param secret what clients send
 * @param app that its bearers speak for, whatever they say themselves
 */
public record ApiKey(String name, String secret, Optional<String> app) {

    private static final int FEWEST_CHARACTERS = 8;

    /** Checks that the secret can be sent in a header and is no single word. */
    public ApiKey {
        if (secret.length() < FEWEST_CHARACTERS || !secret.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new IllegalArgumentException("API key " + name + " has " + secret.length() + " characters; it needs at least "
                    + FEWEST_CHARACTERS + ", printable ASCII without spaces");
        }
    }

    /** Whether a text is the secret, in a time that does not tell how much of it is right. */
    boolean fits(String text) {
        return MessageDigest.isEqual(digest(secret), digest(text));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "ApiKey[" + name + app.map(value -> ", app " + value).orElse("") + "]";
    }
}
