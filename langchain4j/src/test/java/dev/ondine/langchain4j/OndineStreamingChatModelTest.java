package dev.ondine.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import dev.ondine.api.Ondine;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class OndineStreamingChatModelTest {

    private static final String WAKE = "Wake me at half past six";

    private static Ondine ondine;
    private static OndineStreamingChatModel model;

    @BeforeAll
    static void open() {
        ondine = Ondine.embedded();
        model = OndineStreamingChatModel.builder().ondine(ondine).modelName("pebble").build();
    }

    @AfterAll
    static void close() {
        ondine.close();
    }

    /** Keeps what it is told. */
    private static class Heard implements StreamingChatResponseHandler {

        private final StringBuilder text = new StringBuilder();
        private final StringBuilder arguments = new StringBuilder();
        private final List<CompleteToolCall> calls = new CopyOnWriteArrayList<>();
        private final CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
        private int pieces;

        @Override
        public void onPartialResponse(String piece) {
            text.append(piece);
            pieces++;
        }

        @Override
        public void onPartialToolCall(PartialToolCall part) {
            assertThat(part.name()).isEqualTo("set_alarm");
            arguments.append(part.partialArguments());
        }

        @Override
        public void onCompleteToolCall(CompleteToolCall call) {
            calls.add(call);
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            whole.complete(response);
        }

        @Override
        public void onError(Throwable error) {
            whole.completeExceptionally(error);
        }
    }

    @Test
    void tellsTheTextInPieces() throws Exception {
        Heard heard = new Heard();
        model.chat(WAKE, heard);

        ChatResponse response = heard.whole.get();

        assertThat(heard.pieces).isGreaterThan(5);
        assertThat(heard.text.toString()).isEqualTo(response.aiMessage().text()).contains("set_alarm");
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void tellsToolCallsInPieces() throws Exception {
        ToolSpecification alarm = ToolSpecification.builder().name("set_alarm").description("Sets an alarm")
                .parameters(JsonObjectSchema.builder().addStringProperty("time").required("time").build()).build();
        Heard heard = new Heard();
        model.chat(ChatRequest.builder().messages(UserMessage.from(WAKE)).toolSpecifications(alarm).build(), heard);

        ChatResponse response = heard.whole.get();

        assertThat(heard.text.toString()).isEmpty();
        assertThat(heard.arguments.toString()).isEqualTo("{\"time\": \"18:30\"}");
        assertThat(heard.calls).hasSize(1);
        assertThat(heard.calls.getFirst().toolExecutionRequest()).isEqualTo(response.aiMessage().toolExecutionRequests().getFirst());
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
    }

    @Test
    void stopsWhenTheHandlerCancels() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        Heard heard = new Heard() {
            @Override
            public void onPartialResponse(PartialResponse piece, PartialResponseContext at) {
                super.onPartialResponse(piece.text());
                at.streamingHandle().cancel();
                cancelled.countDown();
            }
        };
        model.chat(WAKE, heard);
        cancelled.await();

        while (!ondine.stats().tasks().isEmpty()) {
            Thread.sleep(5);
        }
        assertThat(heard.pieces).isEqualTo(1);
        assertThat(heard.whole).isNotDone();
    }

    @Test
    void tellsTheHandlerWhatFails() {
        Heard heard = new Heard();
        model.chat("word ".repeat(600), heard);

        assertThatThrownBy(heard.whole::get).isInstanceOf(ExecutionException.class).cause().isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> model.chat(List.of(UserMessage.from(ImageContent.from(Image.builder().url("http://localhost/a.png").build()))), heard))
                .isInstanceOf(UnsupportedFeatureException.class);
    }
}
