package dev.ondine.server.openai;

import dev.ondine.api.Answer;
import dev.ondine.engine.GeneratedToken;
import dev.ondine.server.json.JsonText;
import dev.ondine.text.Tokenizer;
import dev.ondine.text.tools.ToolEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The pieces of which the answer to a completion is made. */
final class CompletionReply {

    private final CompletionRequest request;
    private final Identity identity;
    private final Tokenizer tokenizer;
    private final TokenScores scores;

    CompletionReply(CompletionRequest request, Identity identity) {
        this.request = request;
        this.identity = identity;
        this.tokenizer = request.model().tokenizer();
        this.scores = new TokenScores(tokenizer.vocabulary());
    }

    /** The object of all choices. */
    Map<String, Object> whole(List<Answer> answers) {
        List<Map<String, Object>> choices = new ArrayList<>();
        for (Answer answer : answers) {
            choices.add(choice(choices.size(), answer));
        }
        Map<String, Object> reply = frame(choices);
        reply.put("usage", usage(answers));
        if (answers.size() == 1) {
            reply.put("task", answers.getFirst().result().id());
            reply.put("timings", Usage.timings(answers.getFirst()));
        }
        return reply;
    }

    /** A piece of a stream. */
    Map<String, Object> chunk(int index, String text, Map<String, Object> logprobs, String finishReason) {
        Map<String, Object> chunk = frame(List.of(JsonText.map("index", index, "text", text, "logprobs", logprobs,
                "finish_reason", finishReason)));
        if (request.delivery().countsLast()) {
            chunk.put("usage", null);
        }
        return chunk;
    }

    /** The piece that counts. */
    Map<String, Object> lastChunk(List<Answer> answers) {
        Map<String, Object> chunk = frame(List.of());
        chunk.put("usage", usage(answers));
        return chunk;
    }

    /** The prompt of a choice as text. */
    String promptText(int index) {
        return tokenizer.decode(prompt(index));
    }

    /** Scores of the prompt's tokens in a stream; null if they are not wanted. */
    Map<String, Object> promptLogprobs(List<GeneratedToken> tokens) {
        return request.scores().isPresent() ? scores.completion(tokens, 1, 0) : null;
    }

    /** Scores of the text's tokens; null if they are not wanted. */
    Map<String, Object> logprobs(List<GeneratedToken> tokens, int offset) {
        return request.scores().isPresent() ? scores.completion(scores.shown(tokens), 0, offset) : null;
    }

    static String text(List<ToolEvent> parts) {
        return parts.stream().map(part -> part instanceof ToolEvent.Text(var text) ? text : "").collect(Collectors.joining());
    }

    private Map<String, Object> choice(int index, Answer answer) {
        String before = request.echo() ? promptText(index) : "";
        Map<String, Object> choice = JsonText.map("index", index, "text", before + answer.text(), "logprobs", logprobs(answer, before),
                "finish_reason", Usage.finishReason(answer));
        if (request.promptScores().isPresent()) {
            choice.put("prompt_logprobs", scores.prompt(answer.promptScores()));
        }
        if (request.tellsTokens()) {
            choice.put("prompt_token_ids", prompt(index));
            choice.put("token_ids", answer.result().tokens());
        }
        return choice;
    }

    private Map<String, Object> logprobs(Answer answer, String before) {
        if (request.scores().isEmpty() || !request.echo()) {
            return logprobs(answer.scores(), before.codePointCount(0, before.length()));
        }
        List<GeneratedToken> all = new ArrayList<>(answer.promptScores());
        all.addAll(scores.shown(answer.scores()));
        return scores.completion(all, 1, 0);
    }

    private int[] prompt(int index) {
        return request.prompts().get(index / request.choices());
    }

    private Map<String, Object> usage(List<Answer> answers) {
        return Usage.of(answers, IntStream.range(0, request.prompts().size()).mapToObj(i -> answers.get(i * request.choices())).toList());
    }

    private Map<String, Object> frame(List<Map<String, Object>> choices) {
        return JsonText.map("id", identity.id(), "object", "text_completion", "created", identity.created(), "model", identity.model(),
                "system_fingerprint", identity.fingerprint(), "choices", choices);
    }
}
