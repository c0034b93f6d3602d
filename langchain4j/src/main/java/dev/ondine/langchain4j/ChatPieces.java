package dev.ondine.langchain4j;

import dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.ondine.api.Answer;
import dev.ondine.api.OndineTask;
import dev.ondine.api.TaskEvent;
import dev.ondine.text.tools.ToolEvent;
import java.util.List;

/** Tells a handler of a task's text and tool calls as they come. */
final class ChatPieces implements StreamingHandle {

    private final String model;
    private final OndineTask task;
    private final StreamingChatResponseHandler handler;
    private final StringBuilder arguments = new StringBuilder();
    private String callName = "";
    private volatile boolean isCancelled;

    ChatPieces(String model, OndineTask task, StreamingChatResponseHandler handler) {
        this.model = model;
        this.task = task;
        this.handler = handler;
    }

    /** Until the answer is whole, or the handler cancels it. */
    void tell() throws InterruptedException {
        try (task) {
            while (!isCancelled) {
                switch (task.next()) {
                    case TaskEvent.Token(_, var parts) -> tell(parts);
                    case TaskEvent.Answered(var parts) -> tell(parts);
                    case TaskEvent.PromptScores _, TaskEvent.Answered _ -> { }
                    case TaskEvent.Done(var parts, var answer) -> {
                        tell(parts);
                        complete(answer.orThrow());
                        return;
                    }
                }
            }
        }
    }

    private void complete(Answer answer) {
        if (!isCancelled) {
            InternalStreamingChatResponseHandlerUtils.onCompleteResponse(handler, ChatAnswers.response(model, task, answer));
        }
    }

    private void tell(List<ToolEvent> parts) {
        for (ToolEvent part : parts) {
            if (!isCancelled) {
                tell(part);
            }
        }
    }

    private void tell(ToolEvent part) {
        switch (part) {
            case ToolEvent.Text(var text) -> InternalStreamingChatResponseHandlerUtils.onPartialResponse(handler, text, this);
            case ToolEvent.CallStarted(_, var name) -> {
                callName = name;
                arguments.setLength(0);
            }
            case ToolEvent.Arguments(int index, var piece) -> {
                arguments.append(piece);
                InternalStreamingChatResponseHandlerUtils.onPartialToolCall(handler, PartialToolCall.builder().index(index)
                        .id(ChatAnswers.callId(task, index)).name(callName).partialArguments(piece).build(), this);
            }
            case ToolEvent.CallEnded(int index) -> InternalStreamingChatResponseHandlerUtils.onCompleteToolCall(handler,
                    new CompleteToolCall(index, ChatAnswers.request(task, index, callName, arguments.toString())));
            case ToolEvent.CallBroken(_, var text) -> InternalStreamingChatResponseHandlerUtils.onPartialResponse(handler, text, this);
        }
    }

    @Override
    public void cancel() {
        isCancelled = true;
        task.cancel();
    }

    @Override
    public boolean isCancelled() {
        return isCancelled;
    }
}
