package dev.ondine.server.task;

import dev.ondine.api.Answer;
import dev.ondine.api.OndineTask;
import dev.ondine.api.TaskBuilder;
import dev.ondine.api.TaskEvent;
import dev.ondine.engine.FinishReason;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.http.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The tasks of one request, most often one. They are cancelled when the client goes away, and when the group is closed before they end.
 * It belongs to the thread of the request.
 */
public final class TaskGroup implements AutoCloseable {

    private final List<OndineTask> tasks;
    private final BlockingQueue<Told> events = new LinkedBlockingQueue<>();
    private int running;
    private int pumps;

    /**
     * Something that one of the tasks told.
     *
     * @param task its place in the group, from 0
     */
    public record Told(int task, TaskEvent event) {
    }

    private TaskGroup(List<OndineTask> tasks) {
        this.tasks = tasks;
        this.running = tasks.size();
    }

    /** Starts tasks, all or none, that end with the request. @throws ApiFailure if one is refused */
    public static TaskGroup start(Exchange exchange, List<TaskBuilder> orders) {
        TaskGroup group = start(orders);
        exchange.whenGone(group::cancel);
        return group;
    }

    /** Starts tasks, all or none, that go on when the client goes away. @throws ApiFailure if one is refused */
    public static TaskGroup start(List<TaskBuilder> orders) {
        List<OndineTask> tasks = new ArrayList<>();
        try {
            for (TaskBuilder order : orders) {
                tasks.add(TaskFailures.translated(order::start));
            }
        } catch (RuntimeException | Error e) {
            tasks.forEach(OndineTask::close);
            throw e;
        }
        return new TaskGroup(List.copyOf(tasks));
    }

    /** The tasks in the order of their start. */
    public List<OndineTask> tasks() {
        return tasks;
    }

    /** Whether every task has told its end. */
    public boolean isOver() {
        return running == 0;
    }

    /** The next event of any task; waits for it. The end of a task that failed or was cancelled is thrown instead. */
    public Told next() {
        try {
            Told told = tasks.size() == 1 ? new Told(0, tasks.getFirst().next()) : merged().take();
            if (told.event instanceof TaskEvent.Done(_, Answer answer)) {
                running--;
                checked(answer);
            }
            return told;
        } catch (InterruptedException e) {
            throw stopping();
        }
    }

    /** Waits for the answers of all, in order. A failed or cancelled one is thrown. */
    public List<Answer> answers() {
        List<Answer> answers = new ArrayList<>();
        try {
            for (OndineTask task : tasks) {
                answers.add(checked(task.answer()));
            }
        } catch (InterruptedException e) {
            throw stopping();
        }
        running = 0;
        return answers;
    }

    @Override
    public void close() {
        tasks.forEach(OndineTask::close);
    }

    private void cancel() {
        tasks.forEach(OndineTask::cancel);
    }

    private static Answer checked(Answer answer) {
        if (answer.finishReason() == FinishReason.FAILED) {
            throw TaskFailures.broken(answer.problem());
        }
        if (answer.finishReason() == FinishReason.CANCELLED) {
            throw TaskFailures.cancelled();
        }
        return answer;
    }

    private static ApiFailure stopping() {
        Thread.currentThread().interrupt();
        return ApiFailure.of(503, "stopping", "the server is stopping");
    }

    private BlockingQueue<Told> merged() {
        while (pumps < tasks.size()) {
            int index = pumps++;
            OndineTask task = tasks.get(index);
            Thread.ofVirtual().name("events of task " + task.id()).start(() -> pump(index, task));
        }
        return events;
    }

    private void pump(int index, OndineTask task) {
        try {
            while (true) {
                TaskEvent event = task.next();
                events.add(new Told(index, event));
                if (event instanceof TaskEvent.Done) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
