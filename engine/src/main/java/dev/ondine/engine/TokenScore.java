package dev.ondine.engine;

/**
 * How likely the model found a token, before bias, penalties and temperature.
 *
 * @param logProbability natural logarithm, 0 at most
 */
public record TokenScore(int token, float logProbability) {
}
