package dev.ondine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.engine.FinishReason;
import dev.ondine.text.tools.ToolChoice;
import dev.ondine.text.tools.ToolDefinition;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that outlive their Ondine. */
@Timeout(120)
class DurableTasksTest {

    private static final String WAKE = "Wake me at half past six";
    private static final ToolDefinition ALARM = new ToolDefinition("set_alarm", "Sets an alarm", Map.of("type", "object", "properties",
            Map.of("time", Map.of("type", "string")), "required", List.of("time"), "additionalProperties", false), true);

    @TempDir
    private Path folder;

    private Ondine open() {
        return Ondine.open(ModelSource.embedded(), OndineSettings.standard().withState(folder));
    }

    private static TaskBuilder described(Ondine ondine) {
        return ondine.task(WAKE).tools(List.of(ALARM)).toolChoice(ToolChoice.required()).durable().keepsake("request 7");
    }

    @Test
    void goOnInAnotherOndineAsIfNothingHadHappened() throws InterruptedException {
        Answer expected;
        try (Ondine ondine = open()) {
            expected = described(ondine).run();
        }
        long id;
        try (Ondine ondine = open()) {
            OndineTask task = described(ondine).start();
            id = task.id();
            task.next();
        }
        try (Ondine ondine = open()) {
            List<OndineTask> resumed = ondine.resumeTasks();

            assertThat(resumed).hasSize(1);
            assertThat(resumed.getFirst().id()).isEqualTo(id);
            assertThat(resumed.getFirst().keepsake()).isEqualTo("request 7");
            Answer answer = resumed.getFirst().answer();
            assertThat(answer.result().tokens()).isEqualTo(expected.result().tokens());
            assertThat(answer.toolCalls()).isEqualTo(expected.toolCalls()).hasSize(1);
            assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
        }
        try (Ondine ondine = open()) {
            assertThat(ondine.resumeTasks()).isEmpty();
            assertThat(ondine.kernel().result(id).orElseThrow().tokens()).isEqualTo(expected.result().tokens());
        }
    }

    @Test
    void areLostWithoutTheirModel() throws InterruptedException {
        long id;
        try (Ondine ondine = open()) {
            OndineTask task = described(ondine).start();
            id = task.id();
            task.next();
        }
        try (Ondine ondine = new Ondine(OndineSettings.standard().withState(folder))) {
            assertThat(ondine.resumeTasks()).isEmpty();
            assertThat(ondine.kernel().result(id).orElseThrow().problem()).contains("no model pebble");
        }
    }

    @Test
    void needAFolderThatNobodyElseHas() {
        try (Ondine _ = open()) {
            assertThatThrownBy(this::open).isInstanceOf(IllegalStateException.class).hasMessageContaining("in use");
        }
        try (Ondine ondine = Ondine.embedded()) {
            assertThatThrownBy(() -> ondine.task(WAKE).durable().start()).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
