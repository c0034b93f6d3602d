package dev.ondine.api;

import dev.ondine.engine.GenerationOptions;
import dev.ondine.engine.SamplingOptions;
import dev.ondine.os.Budget;
import dev.ondine.os.Deadline;
import dev.ondine.os.Keepsake;
import dev.ondine.os.PriorityClass;
import dev.ondine.os.RefusedException;
import dev.ondine.os.TaskHandle;
import dev.ondine.os.TaskTerms;
import dev.ondine.os.Work;
import dev.ondine.text.template.Message;
import dev.ondine.text.tools.ToolChoice;
import dev.ondine.text.tools.ToolDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A task that is being described; {@link #start} hands it over, as often as it is called. Used by one thread. What is not said has
 * these values: the likeliest token each time, tokens until the model ends the answer or the context is full, and the terms of
 * {@link TaskTerms#FOREGROUND}.
 */
public final class TaskBuilder {

    private final Ondine ondine;
    private LocalModel model;
    private final List<Message> messages = new ArrayList<>();
    private String text;
    private boolean readsControlTokens;
    private int[] tokens;
    private SamplingOptions sampling = SamplingOptions.GREEDY;
    private int maxTokens = Integer.MAX_VALUE;
    private final List<String> stops = new ArrayList<>();
    private int scores = -1;
    private boolean promptScores;
    private boolean ignoresEnd;
    private boolean sharesSystem;
    private List<ToolDefinition> tools = List.of();
    private ToolChoice toolChoice = ToolChoice.auto();
    private Map<String, ?> schema;
    private String keepsake = "";
    private boolean goesOn;
    private TaskTerms terms = TaskTerms.FOREGROUND;

    TaskBuilder(Ondine ondine, LocalModel model) {
        this.ondine = ondine;
        this.model = model;
    }

    /** Another model than the first one. */
    public TaskBuilder model(LocalModel other) {
        model = other;
        return this;
    }

    /** @throws IllegalArgumentException if there is no such model */
    public TaskBuilder model(String name) {
        return model(ondine.model(name));
    }

    /** Adds a system message. */
    public TaskBuilder system(String content) {
        return messages(List.of(Message.system(content)));
    }

    /** Adds a user's message. */
    public TaskBuilder user(String content) {
        return messages(List.of(Message.user(content)));
    }

    /** Adds messages. */
    public TaskBuilder messages(List<Message> more) {
        messages.addAll(more);
        return this;
    }

    /** A text as it is, in place of messages; only the begin token is added, if the model wants one. */
    public TaskBuilder prompt(String raw) {
        return prompt(raw, false);
    }

    /** The same. @param withControlTokens whether control tokens that are written in it count as such */
    public TaskBuilder prompt(String raw, boolean withControlTokens) {
        text = raw;
        readsControlTokens = withControlTokens;
        return this;
    }

    /** Token ids as they are, in place of messages. */
    public TaskBuilder prompt(int[] ids) {
        tokens = ids.clone();
        return this;
    }

    public TaskBuilder sampling(SamplingOptions options) {
        sampling = options;
        return this;
    }

    /** 0 for the likeliest token each time, higher for more variety. */
    public TaskBuilder temperature(float temperature) {
        return sampling(sampling.withTemperature(temperature));
    }

    /** Same seed, same text. */
    public TaskBuilder seed(long seed) {
        return sampling(sampling.withSeed(seed));
    }

    /** Most tokens of the answer. */
    public TaskBuilder maxTokens(int most) {
        maxTokens = most;
        return this;
    }

    /** Ends the answer before this text; one of several if called again. */
    public TaskBuilder stop(String end) {
        stops.add(end);
        return this;
    }

    /** Tells how likely each token was. @param likeliest others to tell in its place, 0 to {@link GenerationOptions#MOST_SCORES} */
    public TaskBuilder scores(int likeliest) {
        scores = likeliest;
        return this;
    }

    /** The same for the tokens of the prompt. */
    public TaskBuilder promptScores(int likeliest) {
        promptScores = true;
        return scores(likeliest);
    }

    /** Goes on where the model would end its answer, as far as it may. */
    public TaskBuilder ignoreEnd() {
        ignoresEnd = true;
        return this;
    }

    /** Lets other apps use what the model has read of the system message, if theirs is the same; else only tasks of this app do. */
    public TaskBuilder shareSystem() {
        sharesSystem = true;
        return this;
    }

    /** Functions that the answer may call. Arguments of strict ones meet their schemas. */
    public TaskBuilder tools(List<ToolDefinition> definitions) {
        tools = List.copyOf(definitions);
        return this;
    }

    /** Whether it must call one, or none. */
    public TaskBuilder toolChoice(ToolChoice choice) {
        toolChoice = choice;
        return this;
    }

    /** Waits when the model has ended its answer, so that a tool's answer can follow, see {@link OndineTask#continueWith}. */
    public TaskBuilder goesOn() {
        goesOn = true;
        return this;
    }

    /**
     * Holds the answer to JSON that meets this schema, given as maps, lists, strings and numbers. Where there are tools, the answer may
     * call them instead. A schema that is malformed or cannot be held to is refused at {@link #start}, by a message that names the place.
     */
    public TaskBuilder schema(Map<String, ?> json) {
        schema = json;
        return this;
    }

    /** Holds the answer to one JSON object. */
    public TaskBuilder jsonObject() {
        return schema(Map.of("type", "object"));
    }

    public TaskBuilder priority(PriorityClass priority) {
        return terms(terms.with(priority));
    }

    /** Its share among tasks of its class, above 0; 1 unless given. */
    public TaskBuilder weight(double weight) {
        return terms(terms.weighing(weight));
    }

    /** When it must have its first token or so many; a deadline that cannot be met is refused. */
    public TaskBuilder deadline(Deadline deadline) {
        return terms(terms.with(deadline));
    }

    /** The most that it may use; it ends there with what it has. */
    public TaskBuilder budget(Budget budget) {
        return terms(terms.with(budget));
    }

    /** Who owns it: quotas count per app, and what is read is not shared between apps. */
    public TaskBuilder app(String name) {
        return terms(terms.ofApp(name));
    }

    /** Starts it when another task has ended. */
    public TaskBuilder after(OndineTask other) {
        Set<Long> all = new HashSet<>(terms.after());
        all.add(other.id());
        return terms(terms.after(all));
    }

    /** Goes on after the process was killed and started again; needs {@link OndineSettings#state}. */
    public TaskBuilder durable() {
        return terms(terms.durable(true));
    }

    /** Keeps something with a durable task, such as the request that its answer belongs to: {@link OndineTask#keepsake}. */
    public TaskBuilder keepsake(String anything) {
        keepsake = anything;
        return this;
    }

    /** All terms at once: owner, class, deadline, budget, durability. */
    public TaskBuilder terms(TaskTerms all) {
        terms = all;
        return this;
    }

    /** The tokens of the prompt as it stands. */
    public int[] promptTokens() {
        try (LocalModel.Use use = model.use()) {
            return promptTokens(use.model());
        }
    }

    /**
     * Hands the task over; brings its model into memory first, if need be.
     *
     * @throws RefusedException         if the queue is full or the deadline cannot be met
     * @throws IllegalArgumentException if something does not fit the model
     * @throws dev.ondine.models.CapacityException if the prompt does not fit the context
     */
    public OndineTask start() {
        LocalModel.Use use = model.use();
        try {
            AnswerForm form = form(use.model().format());
            Work work = completion(use.model(), form);
            TaskHandle handle = ondine.kernel().submit(use.model().engine(), terms, work, new Keepsake(form.written(), keepsake));
            handle.result().thenRun(use::close);
            return new OndineTask(ondine, handle, work.prompt(), form, scores >= 0, keepsake);
        } catch (RuntimeException | Error e) {
            use.close();
            throw e;
        }
    }

    /** Hands the task over and waits for its answer. @throws TaskFailedException if it fails on the way */
    public Answer run() throws InterruptedException {
        try (OndineTask task = start()) {
            return task.answer().orThrow();
        }
    }

    private Work completion(RunningModel running, AnswerForm form) {
        int[] prompt = promptTokens(running);
        PromptFormat format = running.format();
        List<String> allStops = new ArrayList<>(stops);
        if (isChat()) {
            allStops.addAll(format.stops());
        }
        GenerationOptions options = new GenerationOptions(maxTokens, sampling, allStops, scores, promptScores, ignoresEnd,
                form.grammar(), form.marks());
        int shareable = sharesSystem && startsWithSystem() ? format.shareable(messages, callable(), prompt) : 0;
        return new Work.CompletionWork(prompt, shareable, options, goesOn);
    }

    private boolean isChat() {
        return text == null && tokens == null;
    }

    private boolean startsWithSystem() {
        return isChat() && "system".equals(messages.getFirst().fields().get("role"));
    }

    private int[] promptTokens(RunningModel running) {
        int given = (messages.isEmpty() ? 0 : 1) + (text == null ? 0 : 1) + (tokens == null ? 0 : 1);
        if (given != 1) {
            throw new IllegalArgumentException(given == 0 ? "the task has no prompt, expected messages, a text or token ids"
                    : "the task has more than one prompt, expected messages, a text or token ids");
        }
        if (tokens != null) {
            return tokens;
        }
        return text == null ? running.format().prompt(messages, callable())
                : running.started().tokenizer().encodePrompt(text, readsControlTokens);
    }

    /** Tools that may be called at all. */
    private List<ToolDefinition> callable() {
        return toolChoice.kind() == ToolChoice.Kind.NONE ? List.of() : tools;
    }

    private AnswerForm form(PromptFormat format) {
        return new AnswerForm(Optional.ofNullable(schema), tools, toolChoice, format.toolCalls());
    }

    /** What texts mean to the model: one task for each, on these terms. Waits for all. */
    public List<Embedding> embed(List<String> texts) throws InterruptedException {
        try (LocalModel.Use use = model.use()) {
            return embedded(use, texts.stream().map(input -> use.model().started().tokenizer().encodePrompt(input, false)).toList());
        }
    }

    /** The same for token ids as they are. */
    public List<Embedding> embedTokens(List<int[]> inputs) throws InterruptedException {
        try (LocalModel.Use use = model.use()) {
            return embedded(use, inputs);
        }
    }

    private List<Embedding> embedded(LocalModel.Use use, List<int[]> inputs) throws InterruptedException {
        List<TaskHandle> handles = new ArrayList<>();
        try {
            inputs.forEach(input -> handles.add(ondine.kernel().submit(use.model().engine(), terms,
                    new Work.EmbeddingWork(input, use.model().pooling()))));
        } catch (RuntimeException | Error e) {
            handles.forEach(TaskHandle::cancel);
            throw e;
        }
        return Embedding.of(handles);
    }
}
