package dev.ondine.api;

import dev.ondine.engine.GenerationOptions;
import dev.ondine.engine.SamplingOptions;
import dev.ondine.os.PriorityClass;
import dev.ondine.os.RefusedException;
import dev.ondine.os.TaskTerms;
import dev.ondine.os.Work;
import dev.ondine.text.template.Message;
import java.util.ArrayList;
import java.util.List;

/** A task that is being described; {@link #start} hands it over. Used by one thread, for one task. */
public final class TaskBuilder {

    private final Ondine ondine;
    private LocalModel model;
    private List<Message> messages = List.of();
    private int[] prompt;
    private SamplingOptions sampling = SamplingOptions.GREEDY;
    private int maxTokens = Integer.MAX_VALUE;
    private final List<String> stops = new ArrayList<>();
    private TaskTerms terms = TaskTerms.FOREGROUND;

    TaskBuilder(Ondine ondine, LocalModel model) {
        this.ondine = ondine;
        this.model = model;
    }

    /** Another model than the only one. */
    public TaskBuilder model(LocalModel other) {
        model = other;
        return this;
    }

    public TaskBuilder messages(List<Message> conversation) {
        messages = List.copyOf(conversation);
        return this;
    }

    /** Token ids as they are, in place of messages. */
    public TaskBuilder prompt(int[] tokens) {
        prompt = tokens.clone();
        return this;
    }

    public TaskBuilder sampling(SamplingOptions options) {
        sampling = options;
        return this;
    }

    /** Most tokens of the answer; unless given, until the model ends it or the context is full. */
    public TaskBuilder maxTokens(int most) {
        maxTokens = most;
        return this;
    }

    /** Ends the answer before this text. */
    public TaskBuilder stop(String text) {
        stops.add(text);
        return this;
    }

    public TaskBuilder priority(PriorityClass priority) {
        terms = terms.with(priority);
        return this;
    }

    /** All terms at once: owner, class, deadline, budget, durability. */
    public TaskBuilder terms(TaskTerms all) {
        terms = all;
        return this;
    }

    /**
     * Hands the task over.
     *
     * @throws RefusedException         if the queue is full or the deadline cannot be met
     * @throws IllegalArgumentException if something does not fit the model
     */
    public OndineTask start() {
        List<String> allStops = new ArrayList<>(stops);
        int[] tokens = prompt;
        if (tokens == null) {
            tokens = model.format().prompt(messages);
            allStops.addAll(model.format().stops());
        }
        GenerationOptions options = new GenerationOptions(maxTokens, sampling, allStops);
        return new OndineTask(ondine.kernel().submit(model.engine(), terms, new Work.CompletionWork(tokens, 0, options)));
    }

    /** Hands the task over and waits for its answer. */
    public Answer run() throws InterruptedException {
        try (OndineTask task = start()) {
            return task.answer();
        }
    }
}
