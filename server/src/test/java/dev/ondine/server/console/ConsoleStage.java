package dev.ondine.server.console;

import dev.ondine.api.Ondine;
import dev.ondine.api.OndineTask;
import dev.ondine.engine.SamplingOptions;
import dev.ondine.os.PriorityClass;
import dev.ondine.os.TaskTerms;
import dev.ondine.os.TaskView;
import dev.ondine.server.OndineServer;
import dev.ondine.server.ServerOptions;
import dev.ondine.server.http.Access;
import dev.ondine.text.Vocabulary;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server with the small model that is inside, and the console. */
final class ConsoleStage implements AutoCloseable {

    private static final long MOST_MILLIS = 120_000;

    private final Ondine ondine = Ondine.embedded();
    private final Queue<Throwable> broken = new ConcurrentLinkedQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final OndineServer server;

    ConsoleStage() {
        this(Access.usual());
    }

    ConsoleStage(Access access) {
        server = new OndineServer(ServerOptions.local().withPort(0).withGrace(Duration.ZERO).with(access), ondine, "test",
                (where, cause) -> broken.add(cause));
    }

    String address() {
        return server.address();
    }

    /** What broke in the server. */
    Collection<Throwable> broken() {
        return broken;
    }

    /** The likeliest answer to a message, without the server. */
    String greedy(String message) throws InterruptedException {
        return ondine.task(message).terms(TaskTerms.FOREGROUND).sampling(SamplingOptions.GREEDY).run().text();
    }

    /** Tasks that write many tokens, whatever the model would say. */
    List<OndineTask> longTasks(int count, PriorityClass priority) {
        SamplingOptions endless = new SamplingOptions(0, 0, 1, 0, 1, 1, 0, 0, 64, endings(), 0);
        return IntStream.range(0, count).mapToObj(task -> ondine.task("Tell me story " + task).sampling(endless).maxTokens(400)
                .terms(TaskTerms.FOREGROUND.ofApp("test").with(priority)).start()).toList();
    }

    /** Tokens that would end an answer, made impossible. */
    private Map<Integer, Float> endings() {
        Vocabulary vocabulary = ondine.models().getFirst().tokenizer().vocabulary();
        return IntStream.range(0, vocabulary.size()).filter(vocabulary::endsGeneration).boxed()
                .collect(Collectors.toMap(id -> id, _ -> -100f));
    }

    void waitUntilIdle() throws InterruptedException {
        waitFor(() -> ondine.kernel().tasks().isEmpty());
    }

    /** Waits for a task of an app. @return its id */
    long waitForTask(String app) throws InterruptedException {
        waitFor(() -> tasksOf(app).findAny().isPresent());
        return tasksOf(app).findAny().orElseThrow().id();
    }

    void waitUntilOver(long id) throws InterruptedException {
        waitFor(() -> ondine.kernel().tasks().stream().noneMatch(task -> task.id() == id));
    }

    private Stream<TaskView> tasksOf(String app) {
        return ondine.kernel().tasks().stream().filter(task -> task.terms().app().equals(app));
    }

    private void waitFor(BooleanSupplier condition) throws InterruptedException {
        for (long end = System.currentTimeMillis() + MOST_MILLIS; !condition.getAsBoolean(); Thread.sleep(20)) {
            if (System.currentTimeMillis() > end) {
                throw new AssertionError("waited in vain; tasks are " + ondine.kernel().tasks());
            }
        }
    }

    String finishReason(long task) throws Exception {
        return get("/v1/tasks/" + task).get("finish_reason").stringValue();
    }

    private JsonNode get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address() + path)).build();
        return new JsonMapper().readTree(client.send(request, BodyHandlers.ofString()).body());
    }

    @Override
    public void close() {
        server.close();
        ondine.close();
        client.shutdownNow();
    }
}
