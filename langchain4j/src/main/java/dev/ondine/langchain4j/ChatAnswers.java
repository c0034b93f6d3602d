package dev.ondine.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.ondine.api.Answer;
import dev.ondine.api.OndineTask;
import dev.ondine.api.TaskFailedException;
import dev.ondine.models.CapacityException;
import dev.ondine.os.RefusedException;
import dev.ondine.text.template.TemplateException;
import dev.ondine.text.tools.ToolReply;
import java.util.List;
import java.util.stream.IntStream;

/** Ondine's answers and failures as LangChain4j's. */
final class ChatAnswers {

    private ChatAnswers() {
    }

    static ChatResponse response(String model, OndineTask task, Answer answer) {
        List<ToolReply.Call> calls = answer.toolCalls();
        List<ToolExecutionRequest> requests = IntStream.range(0, calls.size())
                .mapToObj(index -> request(task, index, calls.get(index).name(), calls.get(index).arguments())).toList();
        String text = answer.text().isEmpty() && !requests.isEmpty() ? null : answer.text();
        return ChatResponse.builder().id("ondine-" + task.id()).modelName(model)
                .aiMessage(AiMessage.builder().text(text).toolExecutionRequests(requests).build())
                .tokenUsage(new TokenUsage(answer.promptTokens(), answer.answerTokens()))
                .finishReason(requests.isEmpty() ? finishReason(answer) : FinishReason.TOOL_EXECUTION).build();
    }

    static ToolExecutionRequest request(OndineTask task, int index, String name, String arguments) {
        return ToolExecutionRequest.builder().id(callId(task, index)).name(name).arguments(arguments).build();
    }

    /** Unlike that of any other call of this process. */
    static String callId(OndineTask task, int index) {
        return "call_%d_%d".formatted(task.id(), index);
    }

    private static FinishReason finishReason(Answer answer) {
        return switch (answer.finishReason()) {
            case STOP -> FinishReason.STOP;
            case LENGTH, CONTEXT, BUDGET -> FinishReason.LENGTH;
            case CANCELLED, FAILED -> FinishReason.OTHER;
        };
    }

    /** By their meaning: what another try may mend, and what it will not. */
    static RuntimeException failure(Exception failure) {
        return switch (failure) {
            case LangChain4jException known -> known;
            case RefusedException refused -> new RateLimitException(refused.getMessage(), refused);
            case CapacityException tooLong -> new InvalidRequestException(tooLong.getMessage(), tooLong);
            case TemplateException template -> new InvalidRequestException(template.getMessage(), template);
            case IllegalArgumentException wrong -> new InvalidRequestException(wrong.getMessage(), wrong);
            case TaskFailedException failed -> new InternalServerException(failed.getMessage(), failed);
            case InterruptedException interrupted -> {
                Thread.currentThread().interrupt();
                yield new LangChain4jException("interrupted while waiting for an answer", interrupted);
            }
            case RuntimeException other -> other;
            default -> new LangChain4jException(failure.getMessage(), failure);
        };
    }
}
