package dev.ondine.engine;

import java.util.List;

/**
 * One token of a completion, and the text that became certain with it: often that of the token, nothing while a character is
 * unfinished or a stop string may begin, or that of several tokens.
 *
 * @param score  of the token; 0 where no scores are wanted
 * @param likeliest tokens in its place, likeliest first; empty where none are wanted
 */
public record GeneratedToken(int token, String text, float score, List<TokenScore> likeliest) {
}
