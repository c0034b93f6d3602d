package dev.ondine.roofline.catalogue;

import dev.ondine.roofline.device.Figure;
import dev.ondine.roofline.shape.Precision;

/**
 * A speed that somebody else measured and published, to hold predictions to.
 *
 * @param id            source, device and model in one word
 * @param device        id in the catalogue
 * @param devices       how many of them share the model, each with its part of every matrix
 * @param model         id in the catalogue
 * @param precision     of the weights that a token reads
 * @param quantity      what was measured
 * @param contextTokens in the cache while decoding, on average
 * @param promptTokens  of one prompt
 * @param batch         sequences that decode together
 * @param stack         how good the program is
 * @param result        in tokens/s of all sequences together, or in seconds; with its source
 */
public record PublishedRate(String id, String device, int devices, String model, Precision precision, Quantity quantity, int contextTokens,
        int promptTokens, int batch, Stack stack, Figure result) {

    /** What was measured. */
    public enum Quantity {
        /** Tokens/s after the prompt. */
        DECODE,
        /** Prompt tokens/s. */
        PREFILL,
        /** Seconds from the start of a prompt to the first token. */
        FIRST_TOKEN
    }

    /** How good a program is: its kernels are made for the device, or it is bound by its own software. */
    public enum Stack { TUNED, PLAIN }
}
