package dev.ondine.server.responses;

import dev.ondine.api.Answer;
import dev.ondine.api.OndineTask;
import dev.ondine.engine.FinishReason;
import dev.ondine.server.chat.AnswerIds;
import dev.ondine.server.chat.ChatTurns;
import dev.ondine.server.chat.TaskDesk;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.json.JsonText;
import dev.ondine.text.template.Message;
import java.util.List;
import java.util.Map;

/** A response in the making: follows its task to the end, tells of it and keeps what others may see. */
final class ResponseRun {

    private final TaskDesk desk;
    private final OndineTask task;
    private final ResponseShape shape;
    private final KeptResponse.LatestState latest;
    private final ResponseOutput.Sink sink;
    private final ResponseOutput output;
    private int number;

    /** @param sink of events, which gives them their numbers */
    ResponseRun(TaskDesk desk, OndineTask task, ResponseShape shape, KeptResponse.LatestState latest, ResponseOutput.Sink sink) {
        this.desk = desk;
        this.task = task;
        this.shape = shape;
        this.latest = latest;
        this.sink = sink;
        this.output = new ResponseOutput(this::send, AnswerIds::next);
    }

    /** Runs to the end. @return the response @throws ApiFailure if the task failed or was cancelled, once that is kept and told */
    Map<String, Object> run(Runnable keepAlive) {
        boolean isOver = false;
        try {
            sendResponse("response.created", shape.unfinished("in_progress", List.of(), null));
            sendResponse("response.in_progress", shape.unfinished("in_progress", List.of(), null));
            Answer answer = desk.follow(task, output::add, keepAlive);
            Map<String, Object> response = ended(answer);
            isOver = true;
            sendResponse("response." + response.get("status"), response);
            return response;
        } catch (ApiFailure e) {
            failed(e);
            isOver = true;
            throw e;
        } finally {
            if (!isOver) {
                task.cancel();
                latest.end(shape.unfinished("cancelled", output.items(), null), turns());
            }
        }
    }

    private Map<String, Object> ended(Answer answer) {
        boolean isComplete = answer.finishReason() == FinishReason.STOP;
        output.end(isComplete);
        Map<String, Object> response = shape.ended(output.items(), answer);
        latest.end(response, turns());
        return response;
    }

    private void failed(ApiFailure failure) {
        boolean isCancelled = failure.code().filter("task_cancelled"::equals).isPresent();
        Map<String, Object> response = isCancelled ? shape.unfinished("cancelled", output.items(), null)
                : shape.unfinished("failed", output.items(), failure.getMessage());
        latest.end(response, turns());
        sendResponse("response.failed", response);
    }

    private List<Message> turns() {
        var turns = new ChatTurns();
        turns.assistant(output.said(), output.calls());
        return turns.all();
    }

    private void sendResponse(String type, Map<String, Object> response) {
        send(type, Map.of("response", response));
    }

    private void send(String type, Map<String, Object> fields) {
        Map<String, Object> event = JsonText.map("type", type, "sequence_number", number++);
        event.putAll(fields);
        sink.send(type, event);
    }
}
