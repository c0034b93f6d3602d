package dev.ondine.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStatus;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** OpenAI's own client for Java. It checks every answer against the types of the API. */
class JavaClientTest {

    private static FrontServer server;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        server = new FrontServer();
        client = OpenAIOkHttpClient.builder().baseUrl(server.address() + "/v1").apiKey("none").maxRetries(0).responseValidation(true).build();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
        assertThat(server.broken).isEmpty();
    }

    private static ChatCompletionCreateParams.Builder story() {
        return ChatCompletionCreateParams.builder().model("pebble").temperature(0).maxCompletionTokens(8).addUserMessage("Tell me a story.");
    }

    @Test
    void chats() {
        ChatCompletion answer = client.chat().completions().create(story().build());

        assertThat(answer.choices().getFirst().message().content()).hasValueSatisfying(text -> assertThat(text).isNotBlank());
        assertThat(answer.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.LENGTH);
        assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(8);
    }

    @Test
    void streams() {
        String whole = client.chat().completions().create(story().build()).choices().getFirst().message().content().orElseThrow();
        try (StreamResponse<ChatCompletionChunk> stream = client.chat().completions().createStreaming(story().build())) {
            String text = stream.stream().flatMap(chunk -> chunk.choices().stream())
                    .map(choice -> choice.delta().content().orElse("")).collect(Collectors.joining());
            assertThat(text).isEqualTo(whole);
        }
    }

    @Test
    void callsATool() {
        FunctionParameters parameters = FunctionParameters.builder().putAdditionalProperty("type", JsonValue.from("object"))
                .putAdditionalProperty("properties", JsonValue.from(Map.of("time", Map.of("type", "string"))))
                .putAdditionalProperty("required", JsonValue.from(List.of("time"))).build();
        ChatCompletion answer = client.chat().completions().create(ChatCompletionCreateParams.builder().model("pebble").temperature(0)
                .addUserMessage("Wake me at half past six")
                .addFunctionTool(FunctionDefinition.builder().name("set_alarm").parameters(parameters).build()).build());

        ChatCompletionMessageFunctionToolCall call = answer.choices().getFirst().message().toolCalls().orElseThrow().getFirst().asFunction();
        assertThat(call.function().name()).isEqualTo("set_alarm");
        assertThat(call.function().arguments().replace(" ", "")).isEqualTo("{\"time\":\"18:30\"}");
    }

    @Test
    void responds() {
        Response response = client.responses().create(ResponseCreateParams.builder().model("pebble").temperature(0)
                .maxOutputTokens(8).input("Tell me a story.").build());

        assertThat(response.status()).contains(ResponseStatus.INCOMPLETE);
        assertThat(response.output().getFirst().asMessage().content().getFirst().asOutputText().text()).isNotBlank();
        assertThat(client.responses().retrieve(response.id()).output()).isEqualTo(response.output());
    }

    @Test
    void embeds() {
        var vectors = client.embeddings().create(EmbeddingCreateParams.builder().model("pebble").inputOfArrayOfStrings(List.of("a cat", "a dog")).build());

        assertThat(vectors.data()).hasSize(2);
        assertThat(vectors.data().getFirst().embedding()).hasSize(256);
    }

    @Test
    void listsModels() {
        assertThat(client.models().list().data()).anySatisfy(model -> assertThat(model.id()).isEqualTo("pebble"));
    }

    @Test
    void reportsErrors() {
        assertThatThrownBy(() -> client.chat().completions().create(story().model("nobody").build())).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> client.chat().completions().create(story().temperature(-1).build()))
                .isInstanceOf(BadRequestException.class).hasMessageContaining("temperature");
    }
}
