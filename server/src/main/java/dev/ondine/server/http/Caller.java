package dev.ondine.server.http;

import java.util.Optional;

/**
 * Who sends a request.
 *
 * @param name of the key that was shown, or the address if there was none
 * @param app that the key speaks for
 */
public record Caller(String name, Optional<String> app) {
}
