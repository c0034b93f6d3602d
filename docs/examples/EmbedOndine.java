import dev.ondine.api.Answer;
import dev.ondine.api.Embedding;
import dev.ondine.api.ModelSource;
import dev.ondine.api.Ondine;
import dev.ondine.api.OndineSettings;
import dev.ondine.api.OndineTask;
import dev.ondine.os.PriorityClass;
import dev.ondine.text.tools.ToolDefinition;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a program does with Ondine. Give it a GGUF file, or nothing for the small model that is inside. */
class EmbedOndine {

    private static final ToolDefinition SET_ALARM = new ToolDefinition("set_alarm", "Sets an alarm.", Map.of("type", "object",
            "properties", Map.of("time", Map.of("type", "string")), "required", List.of("time"), "additionalProperties", false), true);

    public static void main(String[] files) throws InterruptedException {
        ModelSource model = files.length == 0 ? ModelSource.embedded() : ModelSource.file(Path.of(files[0]));
        try (Ondine ondine = Ondine.open(model, OndineSettings.standard())) {
            stream(ondine);
            stop(ondine);
            callATool(ondine);
            holdToASchema(ondine);
            compare(ondine);
        }
    }

    /** Shows an answer as it comes. */
    static void stream(Ondine ondine) {
        try (OndineTask task = ondine.task("Wake me at half past six").maxTokens(100).start()) {
            task.text().forEach(System.out::print);
            System.out.println();
        }
    }

    /** Lets an urgent task go before one that nobody waits for, then ends that one. */
    static void stop(Ondine ondine) throws InterruptedException {
        try (OndineTask slow = ondine.task("Play rock music").priority(PriorityClass.BACKGROUND).ignoreEnd().start()) {
            Answer urgent = ondine.task("Wake me at seven").priority(PriorityClass.INTERRUPT).maxTokens(100).run();
            slow.cancel();
            System.out.println("first token of the urgent task after " + urgent.result().timings().firstToken().toMillis()
                    + " ms; the slow one ended as " + slow.answer().finishReason());
        }
    }

    /** Offers a function and reads what the model calls it with. */
    static void callATool(Ondine ondine) throws InterruptedException {
        Answer answer = ondine.task("Wake me at half past six").tools(List.of(SET_ALARM)).maxTokens(100).run();
        answer.toolCalls().forEach(call -> System.out.println("call " + call.name() + " with " + call.arguments()));
    }

    /** Gets JSON that a program can rely on. */
    static void holdToASchema(Ondine ondine) throws InterruptedException {
        Map<String, ?> schema = Map.of("type", "object", "properties", Map.of("mood", Map.of("enum", List.of("good", "bad"))),
                "required", List.of("mood"), "additionalProperties", false);
        System.out.println("JSON: " + ondine.task("I love this song").schema(schema).run().text().replaceAll("\\s", ""));
    }

    /** Asks what texts mean, and how alike that is. */
    static void compare(Ondine ondine) throws InterruptedException {
        List<Embedding> texts = ondine.embed(List.of("Wake me at seven", "Wake me at eight", "Play some jazz music"));
        System.out.println("alike: " + (texts.get(0).similarity(texts.get(1)) > texts.get(0).similarity(texts.get(2))));
    }
}
