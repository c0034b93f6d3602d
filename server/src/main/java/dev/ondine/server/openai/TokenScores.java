package dev.ondine.server.openai;

import dev.ondine.engine.GeneratedToken;
import dev.ondine.engine.TokenScore;
import dev.ondine.server.json.JsonText;
import dev.ondine.text.Vocabulary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Log probabilities of tokens in the forms of this API. */
final class TokenScores {

    /** What stands for a probability of 0: JSON knows no infinity. */
    private static final double NEVER = -9999;

    private final Vocabulary vocabulary;

    TokenScores(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /** Those that are part of the answer: not the one that ended it. */
    List<GeneratedToken> shown(List<GeneratedToken> tokens) {
        return tokens.stream().filter(this::isShown).toList();
    }

    boolean isShown(GeneratedToken token) {
        return !vocabulary.endsGeneration(token.token());
    }

    /** Of a chat: {@code {"content": [{"token", "logprob", "bytes", "top_logprobs"}], "refusal": null}}. */
    Map<String, Object> chat(List<GeneratedToken> tokens) {
        return JsonText.map("content", tokens.stream().map(this::chatToken).toList(), "refusal", null);
    }

    private Map<String, Object> chatToken(GeneratedToken token) {
        Map<String, Object> fields = chatScore(token.token(), token.score());
        fields.put("top_logprobs", token.likeliest().stream().map(score -> chatScore(score.token(), score.logProbability())).toList());
        return fields;
    }

    private Map<String, Object> chatScore(int token, float score) {
        List<Integer> bytes = new ArrayList<>();
        for (byte value : vocabulary.bytes(token)) {
            bytes.add(value & 0xff);
        }
        return JsonText.map("token", vocabulary.piece(token), "logprob", finite(score), "bytes", bytes);
    }

    /**
     * Of a completion: {@code {"tokens", "token_logprobs", "top_logprobs", "text_offset"}}.
     *
     * @param unscored how many of the first tokens have no score
     * @param offset   of the first token's text, in characters
     */
    Map<String, Object> completion(List<GeneratedToken> tokens, int unscored, int offset) {
        List<String> pieces = new ArrayList<>();
        List<Double> scores = new ArrayList<>();
        List<Map<String, Object>> likeliest = new ArrayList<>();
        List<Integer> offsets = new ArrayList<>();
        int at = offset;
        for (GeneratedToken token : tokens) {
            boolean hasScore = pieces.size() >= unscored;
            String piece = vocabulary.piece(token.token());
            pieces.add(piece);
            offsets.add(at);
            scores.add(hasScore ? finite(token.score()) : null);
            likeliest.add(hasScore ? byPiece(token) : null);
            at += piece.codePointCount(0, piece.length());
        }
        return JsonText.map("tokens", pieces, "token_logprobs", scores, "top_logprobs", likeliest, "text_offset", offsets);
    }

    private Map<String, Object> byPiece(GeneratedToken token) {
        Map<String, Object> scores = new LinkedHashMap<>();
        token.likeliest().forEach(score -> scores.putIfAbsent(vocabulary.piece(score.token()), finite(score.logProbability())));
        scores.putIfAbsent(vocabulary.piece(token.token()), finite(token.score()));
        return scores;
    }

    /** Of a prompt, as vLLM tells them: null for the first token, then {@code {"ID": {"logprob", "rank", "decoded_token"}}}. */
    List<Map<String, Object>> prompt(List<GeneratedToken> tokens) {
        List<Map<String, Object>> list = new ArrayList<>();
        for (GeneratedToken token : tokens) {
            list.add(list.isEmpty() ? null : byNumber(token));
        }
        return list;
    }

    private Map<String, Object> byNumber(GeneratedToken token) {
        Map<String, Object> scores = new LinkedHashMap<>();
        int rank = 1;
        for (TokenScore score : token.likeliest()) {
            scores.put(Integer.toString(score.token()), promptScore(score.token(), score.logProbability(), rank++));
        }
        // Its rank is only known among the likeliest.
        scores.putIfAbsent(Integer.toString(token.token()), promptScore(token.token(), token.score(), null));
        return scores;
    }

    private Map<String, Object> promptScore(int token, float score, Integer rank) {
        return JsonText.map("logprob", finite(score), "rank", rank, "decoded_token", vocabulary.piece(token));
    }

    private static double finite(float score) {
        return Math.max(score, NEVER);
    }
}
