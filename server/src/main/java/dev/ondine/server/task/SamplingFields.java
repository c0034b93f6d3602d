package dev.ondine.server.task;

import dev.ondine.engine.SamplingOptions;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.json.FieldValue;
import dev.ondine.server.json.JsonFields;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How tokens are picked, by the names of OpenAI: {@code temperature}, {@code top_p}, {@code seed}, {@code presence_penalty},
 * {@code frequency_penalty}, {@code logit_bias}; and by the names that local servers added: {@code top_k}, {@code min_p},
 * {@code typical_p}, {@code repetition_penalty}. The penalties count tokens of prompt and answer.
 */
public final class SamplingFields {

    private static final int MOST_BIASES = 1_000;

    private SamplingFields() {
    }

    /** Reads them. Without a temperature it is 1, without a seed each request has another one. */
    public static SamplingOptions of(JsonFields fields) {
        return new SamplingOptions((float) fields.number("temperature", 0, 2).orElse(1),
                (int) fields.whole("top_k", 0, Integer.MAX_VALUE).orElse(0), topP(fields), (float) fields.number("min_p", 0, 1).orElse(0), (float) fields.number("typical_p", 1e-6, 1).orElse(1),
                (float) fields.number("repetition_penalty", 0.01, 100).orElse(1),
                (float) fields.number("presence_penalty", -2, 2).orElse(0),
                (float) fields.number("frequency_penalty", -2, 2).orElse(0), Integer.MAX_VALUE, biases(fields), seed(fields));
    }

    /** The seed, or one by chance. */
    public static long seed(JsonFields fields) {
        return fields.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE).orElseGet(() -> ThreadLocalRandom.current().nextLong());
    }

    /** 0 stands for the likeliest token alone, as a very small share does. */
    private static float topP(JsonFields fields) {
        return (float) Math.max(fields.number("top_p", 0, 1).orElse(1), 1e-6);
    }

    private static Map<Integer, Float> biases(JsonFields fields) {
        Map<Integer, Float> biases = new HashMap<>();
        fields.object("logit_bias").ifPresent(object -> {
            if (object.names().size() > MOST_BIASES) {
                throw ApiFailure.parameter("logit_bias", "logit_bias has " + object.names().size() + " tokens, expected at most "
                        + MOST_BIASES);
            }
            for (String name : object.names()) {
                FieldValue bias = object.require(name);
                biases.put(token(name, bias), (float) bias.number(-100, 100));
            }
        });
        return biases;
    }

    private static int token(String name, FieldValue bias) {
        try {
            return Integer.parseUnsignedInt(name);
        } catch (NumberFormatException e) {
            throw ApiFailure.parameter(bias.path(), "logit_bias names the token \"" + name + "\", expected the number of a token");
        }
    }
}
