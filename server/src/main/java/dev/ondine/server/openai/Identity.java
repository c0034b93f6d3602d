package dev.ondine.server.openai;

import dev.ondine.api.LocalModel;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;

/**
 * What every piece of an answer repeats.
 *
 * @param id          of the answer
 * @param created     seconds since 1970
 * @param model       name of the model
 * @param fingerprint of the model's file: the same weights, the same answers
 */
record Identity(String id, long created, String model, String fingerprint) {

    private static final SecureRandom RANDOM = new SecureRandom();

    static Identity of(String prefix, LocalModel model) {
        String fingerprint = "fp_" + Long.toHexString(model.details().checksum());
        return new Identity(fresh(prefix), Instant.now().getEpochSecond(), model.name(), fingerprint);
    }

    /** A name that nobody can guess, such as {@code call_3f0c…}. */
    static String fresh(String prefix) {
        byte[] bytes = new byte[12];
        RANDOM.nextBytes(bytes);
        return prefix + HexFormat.of().formatHex(bytes);
    }
}
