package dev.ondine.roofline.plan;

import dev.ondine.roofline.cost.StepTime;
import java.util.Optional;

/**
 * What to expect of a model on a device.
 *
 * @param prefill        of one prompt
 * @param decode         of one sequence, with drafting where the request has it
 * @param plainDecode    of one sequence without drafting
 * @param decodeStep     of all sequences, without drafting
 * @param bytesPerToken  that memory delivers for a decoded token, all sequences sharing the weights; without drafting
 * @param ttftSeconds    from the prompt to the first token; NaN where unknown
 * @param joulesPerToken of a decoded token
 * @param cloud          the answer from elsewhere, where the request names a cloud
 */
public record Plan(PlanRequest request, Footprint footprint, Rate prefill, Rate decode, Rate plainDecode, StepTime decodeStep,
        double bytesPerToken, double ttftSeconds, double joulesPerToken, Optional<CloudRates> cloud) {

    /** All sequences together. */
    public double totalTokensPerSecond() {
        return decode.tokensPerSecond() * request.workload().batch();
    }

    /** While it decodes. */
    public double watts() {
        return joulesPerToken * totalTokensPerSecond();
    }
}
