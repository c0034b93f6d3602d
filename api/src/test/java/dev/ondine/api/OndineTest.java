package dev.ondine.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.engine.FinishReason;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OndineTest {

    private static final String WAKE = "Wake me at half past six";
    private static final String CALL = "<tool_call>{\"name\": \"set_alarm\", \"arguments\": {\"time\": \"18:30\"}}</tool_call>";

    @Test
    void answersAQuestion() throws InterruptedException {
        try (Ondine ondine = Ondine.embedded()) {
            Answer answer = ondine.task(WAKE).run();

            assertThat(answer.text()).isEqualTo(CALL);
            assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
        }
    }

    @Test
    void streamsWhatItAnswers() {
        try (Ondine ondine = Ondine.embedded(); OndineTask task = ondine.task(WAKE).start()) {
            assertThat(task.text().collect(Collectors.joining())).isEqualTo(CALL);
        }
    }

    @Test
    void answersManyAtOnceAsItDoesOne() throws InterruptedException {
        try (Ondine ondine = Ondine.embedded()) {
            List<OndineTask> tasks = IntStream.range(0, 8).mapToObj(_ -> ondine.task(WAKE).start()).toList();
            for (OndineTask task : tasks) {
                assertThat(task.answer().text()).isEqualTo(CALL);
            }
        }
    }

    @Test
    void endsATaskThatIsCancelled() throws InterruptedException {
        try (Ondine ondine = Ondine.embedded()) {
            OndineTask task = ondine.task(WAKE).start();
            task.cancel();
            assertThat(task.answer().finishReason()).isIn(FinishReason.CANCELLED, FinishReason.STOP);
            assertThat(ondine.kernel().tasks()).isEmpty();
        }
    }
}
