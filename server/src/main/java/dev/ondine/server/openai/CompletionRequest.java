package dev.ondine.server.openai;

import dev.ondine.api.LocalModel;
import dev.ondine.api.Ondine;
import dev.ondine.api.TaskBuilder;
import dev.ondine.engine.GenerationOptions;
import dev.ondine.engine.SamplingOptions;
import dev.ondine.os.TaskTerms;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.http.Exchange;
import dev.ondine.server.json.JsonFields;
import dev.ondine.server.task.ModelDirectory;
import dev.ondine.server.task.SamplingFields;
import dev.ondine.server.task.TaskFailures;
import dev.ondine.server.task.TermsFields;
import dev.ondine.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a completion was asked to be: every parameter honoured, or refused by name.
 *
 * @param prompts      token ids of each
 * @param echo         whether the prompt comes before the text
 * @param scores       how many likely tokens to tell for each one; empty for no scores
 * @param promptScores how many to tell for those of the prompt, in a field of their own; empty for none
 * @param tellsTokens  whether the ids of prompt and text are told
 */
record CompletionRequest(LocalModel model, List<int[]> prompts, SamplingOptions sampling, int maxTokens, List<String> stops, int choices,
                         boolean echo, OptionalInt scores, OptionalInt promptScores, boolean ignoresEnd, boolean tellsTokens,
                         TaskTerms terms, ChatRequest.Delivery delivery) {

    /** As OpenAI has it. */
    private static final int USUAL_TOKENS = 16;
    private static final int MOST_TASKS = 256;

    static CompletionRequest of(Exchange exchange, JsonFields body, ModelDirectory models) {
        LocalModel model = models.of(body);
        int maxTokens = (int) body.whole("max_tokens", 0, Integer.MAX_VALUE).orElse(USUAL_TOKENS);
        int choices = ChatRequest.choices(body);
        var request = new CompletionRequest(model, prompts(body, model), SamplingFields.of(body), maxTokens, ChatRequest.stops(body),
                choices, body.flag("echo").orElse(false), scores(body, "logprobs"), scores(body, "prompt_logprobs"),
                body.flag("ignore_eos").orElse(false),
                body.flag("return_token_ids").orElse(false), TermsFields.of(exchange, body, OptionalLong.of(Math.max(1, maxTokens))),
                ChatRequest.Delivery.of(body));
        body.allowOnly("suffix", "models here only go on with a text").allowOnly("best_of", "all answers are returned; use n", choices)
                .allow("user", "add_special_tokens").refuseOthers();
        request.check();
        return request;
    }

    private void check() {
        if (prompts.size() * choices > MOST_TASKS) {
            throw ApiFailure.parameter("prompt", prompts.size() + " prompts with n = " + choices + " are too many, expected at most "
                    + MOST_TASKS + " answers");
        }
        if (delivery.isStream() && promptScores.isPresent()) {
            throw ApiFailure.unsupported("prompt_logprobs", "prompt_logprobs are not told in streams");
        }
        if (maxTokens == 0 && !echo && promptScores.isEmpty()) {
            throw ApiFailure.parameter("max_tokens", "max_tokens is 0, which needs echo or prompt_logprobs");
        }
    }

    /** Whether the tokens of the prompt get scores. */
    boolean scoresPrompt() {
        return promptScores.isPresent() || echo && scores.isPresent();
    }

    /** One order for each choice of each prompt, in the order of their index. */
    List<TaskBuilder> orders(Ondine ondine) {
        List<TaskBuilder> orders = new ArrayList<>();
        for (int[] prompt : prompts) {
            for (int choice = 0; choice < choices; choice++) {
                orders.add(order(ondine, prompt, choice));
            }
        }
        return orders;
    }

    private TaskBuilder order(Ondine ondine, int[] prompt, int choice) {
        TaskBuilder order = ondine.task().model(model).prompt(prompt).sampling(sampling.withSeed(sampling.seed() + choice))
                .maxTokens(maxTokens).terms(terms);
        stops.forEach(order::stop);
        if (scoresPrompt()) {
            order.promptScores(Math.max(scores.orElse(0), promptScores.orElse(0)));
        } else {
            scores.ifPresent(order::scores);
        }
        return ignoresEnd ? order.ignoreEnd() : order;
    }

    private static OptionalInt scores(JsonFields body, String name) {
        OptionalLong likeliest = body.whole(name, 0, GenerationOptions.MOST_SCORES);
        return likeliest.isPresent() ? OptionalInt.of((int) likeliest.getAsLong()) : OptionalInt.empty();
    }

    private static List<int[]> prompts(JsonFields body, LocalModel model) {
        TaskFailures.load(model);
        Tokenizer tokenizer = model.tokenizer();
        boolean addsBegin = body.flag("add_special_tokens").orElse(true);
        List<int[]> prompts = PromptInputs.of(body.require("prompt"), MOST_TASKS, tokenizer.vocabulary().size(),
                text -> addsBegin ? tokenizer.encodePrompt(text, true) : tokenizer.encode(text, true));
        for (int i = 0; i < prompts.size(); i++) {
            if (prompts.get(i).length == 0) {
                throw ApiFailure.parameter("prompt", "prompt" + (prompts.size() == 1 ? "" : "[" + i + "]")
                        + " is empty, expected at least one token");
            }
        }
        return prompts;
    }
}
