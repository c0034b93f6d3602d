package dev.ondine.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.service.AiServices;
import dev.ondine.api.Ondine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** LangChain4j itself on the embedded model. */
@Timeout(120)
class OndineChatModelTest {

    private static final String WAKE = "Wake me at half past six";
    private static final ToolSpecification ALARM = ToolSpecification.builder().name("set_alarm").description("Sets an alarm")
            .parameters(JsonObjectSchema.builder().addStringProperty("time", "HH:MM").required("time").build()).build();

    private static Ondine ondine;
    private static ChatModel model;

    @BeforeAll
    static void open() {
        ondine = Ondine.embedded();
        model = OndineChatModel.builder().ondine(ondine).maxOutputTokens(64).build();
    }

    @AfterAll
    static void close() {
        ondine.close();
    }

    private static ChatRequest.Builder wake() {
        return ChatRequest.builder().messages(UserMessage.from(WAKE));
    }

    @Test
    void answers() {
        ChatResponse response = model.chat(UserMessage.from(WAKE));

        assertThat(response.aiMessage().text()).startsWith("<tool_call>").contains("set_alarm");
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.modelName()).isEqualTo("pebble");
        assertThat(response.tokenUsage().inputTokenCount()).isEqualTo(ondine.task(WAKE).promptTokens().length);
        assertThat(response.tokenUsage().outputTokenCount()).isPositive();
    }

    @Test
    void callsTools() {
        ChatResponse response = model.chat(wake().toolSpecifications(ALARM).build());

        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
        assertThat(response.aiMessage().text()).isNull();
        var call = response.aiMessage().toolExecutionRequests().getFirst();
        assertThat(call.name()).isEqualTo("set_alarm");
        assertThat(call.arguments()).isEqualTo("{\"time\": \"18:30\"}");
        assertThat(call.id()).isNotBlank();
    }

    @Test
    void callsNoToolWhereNoneIsWanted() {
        ChatResponse response = model.chat(wake().toolSpecifications(ALARM).toolChoice(ToolChoice.NONE).build());

        assertThat(response.aiMessage().hasToolExecutionRequests()).isFalse();
    }

    @Test
    void callsTheToolThatMustBeCalled() {
        ToolSpecification other = ToolSpecification.builder().name("weigh").description("Weighs something")
                .parameters(JsonObjectSchema.builder().addProperty("unit", JsonEnumSchema.builder().enumValues("g", "kg").build())
                        .required("unit").build()).build();

        ChatResponse response = model.chat(wake().toolSpecifications(other).toolChoice(ToolChoice.REQUIRED).build());

        assertThat(response.aiMessage().toolExecutionRequests().getFirst().name()).isEqualTo("weigh");
        assertThat(response.aiMessage().toolExecutionRequests().getFirst().arguments().replaceAll("\\s", "")).isIn("{\"unit\":\"g\"}", "{\"unit\":\"kg\"}");
    }

    @Test
    void keepsToAJsonSchema() {
        JsonSchema schema = JsonSchema.builder().name("mood").rootElement(JsonObjectSchema.builder()
                .addProperty("mood", JsonEnumSchema.builder().enumValues("good", "bad").build()).required("mood").build()).build();

        ChatResponse response = model.chat(wake().responseFormat(ResponseFormat.builder()
                .type(dev.langchain4j.model.chat.request.ResponseFormatType.JSON).jsonSchema(schema).build()).build());

        assertThat(response.aiMessage().text().replaceAll("\\s", "")).isIn("{\"mood\":\"good\"}", "{\"mood\":\"bad\"}");
    }

    @Test
    void endsWhereItIsTold() {
        assertThat(model.chat(wake().maxOutputTokens(3).build()).finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(model.chat(wake().stopSequences(List.of("set_")).build()).aiMessage().text()).endsWith("\"");
    }

    @Test
    void goesOnAfterATool() {
        AiMessage call = model.chat(wake().toolSpecifications(ALARM).build()).aiMessage();

        ChatResponse response = model.chat(SystemMessage.from("Be brief."), UserMessage.from(WAKE), call,
                ToolExecutionResultMessage.from(call.toolExecutionRequests().getFirst(), "done"));

        assertThat(response.tokenUsage().inputTokenCount()).isGreaterThan(ondine.task(WAKE).promptTokens().length + 10);
    }

    @Test
    void refusesWhatItCannotDo() {
        assertThatThrownBy(() -> model.chat(UserMessage.from(ImageContent.from(Image.builder().url("http://localhost/a.png").build()))))
                .isInstanceOf(UnsupportedFeatureException.class);
        assertThatThrownBy(() -> model.chat(wake().modelName("gpt-9").build())).isInstanceOf(ModelNotFoundException.class);
        assertThatThrownBy(() -> model.chat(wake().temperature(-1.0).build())).isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("temperature");
        assertThatThrownBy(() -> model.chat(UserMessage.from("word ".repeat(600)))).isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("context");
    }

    /** What {@link AiServices} implements. */
    interface Assistant {
        String ask(String question);
    }

    /** Notes what it is called with. */
    static final class Clock {

        private final List<String> alarms = new ArrayList<>();

        @Tool(name = "set_alarm", value = "Sets an alarm")
        String setAlarm(@P(name = "time", value = "HH:MM") String time) {
            alarms.add(time);
            return "The alarm is set.";
        }
    }

    @Test
    void servesAnAssistantWithATool() {
        Clock clock = new Clock();
        Assistant assistant = AiServices.builder(Assistant.class).chatModel(model).tools(clock).maxToolCallingRoundTrips(1).build();

        assertThatThrownBy(() -> assistant.ask(WAKE)).as("pebble knows no other answer than a call").isInstanceOf(RuntimeException.class);

        assertThat(clock.alarms).startsWith("18:30");
    }
}
