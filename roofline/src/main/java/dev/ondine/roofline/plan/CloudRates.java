package dev.ondine.roofline.plan;

/**
 * The same answer from elsewhere.
 *
 * @param tokensPerSecond         streamed from the cloud to one reader
 * @param ttftSeconds             from the request to the first token: round trip and prompt; NaN where unknown
 * @param togetherTokensPerSecond drafted on the device, checked in the cloud; NaN without a draft model
 * @param passesPerToken          of the cloud's model: 1 when it streams, less where drafts are accepted; NaN without a draft model
 */
public record CloudRates(double tokensPerSecond, double ttftSeconds, double togetherTokensPerSecond, double passesPerToken) {
}
