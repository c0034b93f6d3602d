package dev.ondine.cli;

import dev.ondine.engine.SamplingOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import picocli.CommandLine.Option;

/** The options that say how tokens are picked; {@code chat} changes them while it runs. */
final class SamplingFlags implements Cloneable {

    private static final float TEMPERATURE = 0.7f;
    private static final int PENALTY_WINDOW = 64;

    @Option(names = "--temperature", paramLabel = "T",
            description = "0 always takes the likeliest token, higher is more varied (default: 0.7; 0 for the embedded model, "
                    + "which was trained for exact answers).")
    private Float temperature;

    @Option(names = "--top-k", paramLabel = "K", defaultValue = "40",
            description = "Keep the K likeliest tokens, 0 keeps all (default: ${DEFAULT-VALUE}).")
    private int topK;

    @Option(names = "--top-p", paramLabel = "P", defaultValue = "0.95",
            description = "Keep the likeliest that together reach this probability (default: ${DEFAULT-VALUE}).")
    private float topP;

    @Option(names = "--min-p", paramLabel = "P", defaultValue = "0.05",
            description = "Keep those at least this fraction as likely as the likeliest (default: ${DEFAULT-VALUE}).")
    private float minP;

    @Option(names = "--typical-p", paramLabel = "P", defaultValue = "1",
            description = "Keep the typical ones up to this probability, 1 keeps all (default: ${DEFAULT-VALUE}).")
    private float typicalP;

    @Option(names = "--repeat-penalty", paramLabel = "X", defaultValue = "1",
            description = "Divide the logits of recent tokens, 1 does nothing (default: ${DEFAULT-VALUE}).")
    private float repeatPenalty;

    @Option(names = "--presence-penalty", paramLabel = "X", defaultValue = "0",
            description = "Subtract once from the logits of recent tokens (default: ${DEFAULT-VALUE}).")
    private float presencePenalty;

    @Option(names = "--frequency-penalty", paramLabel = "X", defaultValue = "0",
            description = "Subtract per occurrence from the logits of recent tokens (default: ${DEFAULT-VALUE}).")
    private float frequencyPenalty;

    @Option(names = "--logit-bias", paramLabel = "ID=BIAS", description = "Add to the logit of a token; may be repeated.")
    private Map<Integer, Float> logitBias = new LinkedHashMap<>();

    @Option(names = "--seed", paramLabel = "N", description = "Same seed, same text (default: a new one each time).")
    private Long seed;

    /**
     * @param isEmbedded whether the model is the embedded one, whose default temperature is 0
     * @throws IllegalArgumentException if a value is outside its range
     */
    SamplingOptions options(boolean isEmbedded) {
        float defaultTemperature = isEmbedded ? 0 : TEMPERATURE;
        // Positive and below 2^31, so that every reader of JSON keeps it exactly.
        long thisSeed = seed == null ? new Random().nextInt(Integer.MAX_VALUE) : seed;
        return new SamplingOptions(temperature == null ? defaultTemperature : temperature, topK, topP, minP, typicalP,
                repeatPenalty, presencePenalty, frequencyPenalty, PENALTY_WINDOW, logitBias, thisSeed);
    }

    /** The seed for people. */
    String seedText() {
        return seed == null ? "random" : seed.toString();
    }

    SamplingFlags copy() {
        try {
            return (SamplingFlags) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Changes one value by the name of its option.
     *
     * @throws IllegalArgumentException if there is no such option or the text is no number
     */
    void set(String name, String value) {
        switch (name) {
            case "temperature" -> temperature = Float.valueOf(value);
            case "top-k" -> topK = Integer.parseInt(value);
            case "top-p" -> topP = Float.parseFloat(value);
            case "min-p" -> minP = Float.parseFloat(value);
            case "typical-p" -> typicalP = Float.parseFloat(value);
            case "repeat-penalty" -> repeatPenalty = Float.parseFloat(value);
            case "presence-penalty" -> presencePenalty = Float.parseFloat(value);
            case "frequency-penalty" -> frequencyPenalty = Float.parseFloat(value);
            case "seed" -> seed = Long.valueOf(value);
            default -> throw new IllegalArgumentException("there is no setting " + name);
        }
    }
}
