package dev.ondine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.engine.FinishReason;
import dev.ondine.text.template.Message;
import dev.ondine.text.tools.ToolEvent;
import java.util.ArrayList;
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
            assertThat(answer.answerTokens()).isPositive();
            assertThat(answer.promptTokens()).isEqualTo(ondine.task(WAKE).promptTokens().length);
            assertThat(answer.scores()).isEmpty();
        }
    }

    @Test
    void streamsWhatItAnswers() {
        try (Ondine ondine = Ondine.embedded(); OndineTask task = ondine.task(WAKE).start()) {
            assertThat(task.text().collect(Collectors.joining())).isEqualTo(CALL);
        }
    }

    @Test
    void tellsOfEveryTokenAndGivesTheAnswerToAll() throws InterruptedException {
        try (Ondine ondine = Ondine.embedded(); OndineTask task = ondine.task(WAKE).scores(2).start()) {
            Answer early = task.answer();
            List<Integer> tokens = new ArrayList<>();
            StringBuilder text = new StringBuilder();
            boolean isOver = false;
            while (!isOver) {
                switch (task.next()) {
                    case TaskEvent.Token(var token, var parts) -> {
                        tokens.add(token.token());
                        assertThat(token.likeliest()).hasSize(2);
                        parts.forEach(part -> text.append(((ToolEvent.Text) part).text()));
                    }
                    case TaskEvent.Done(_, var answer) -> {
                        isOver = true;
                        assertThat(answer).isSameAs(early).isSameAs(task.answer());
                    }
                    case TaskEvent.PromptScores _, TaskEvent.Answered _ -> assertThat(false).isTrue();
                }
            }
            assertThat(text.toString()).isEqualTo(CALL);
            assertThat(tokens).isEqualTo(IntStream.of(early.result().tokens()).boxed().toList());
            assertThat(early.scores()).extracting(score -> score.token()).isEqualTo(tokens);
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

    @Test
    void keepsAPausedTaskUntilItIsResumed() throws InterruptedException {
        try (Ondine ondine = Ondine.embedded(); OndineTask task = ondine.task(WAKE).ignoreEnd().maxTokens(300).start()) {
            assertThat(task.pause()).isTrue();
            int generated = ondine.stats().tasks().getFirst().generated();
            ondine.task(WAKE).run();
            assertThat(ondine.stats().tasks().getFirst().generated()).isEqualTo(generated);
            assertThat(task.resume()).isTrue();
            assertThat(task.answer().answerTokens()).isEqualTo(300);
        }
    }

    @Test
    void readsAPromptInThreeForms() throws InterruptedException {
        try (Ondine ondine = Ondine.embedded()) {
            int[] ids = ondine.model().format().prompt(List.of(Message.user(WAKE)));
            String raw = "<|im_start|>user\n" + WAKE + "<|im_end|>\n<|im_start|>assistant\n";

            assertThat(ondine.task().prompt(ids).run().text()).isEqualTo(CALL);
            assertThat(ondine.task().prompt(raw, true).run().text()).isEqualTo(CALL);
            assertThat(ondine.task().prompt(raw).promptTokens()).hasSizeGreaterThan(ids.length);
        }
    }

    @Test
    void refusesWhatMakesNoSense() {
        try (Ondine ondine = Ondine.embedded()) {
            assertThatThrownBy(() -> ondine.task().start()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no prompt");
            assertThatThrownBy(() -> ondine.task("a").prompt("b").start()).hasMessageContaining("more than one prompt");
            assertThatThrownBy(() -> ondine.task("a").maxTokens(-1).start()).hasMessageContaining("max tokens is -1");
            assertThatThrownBy(() -> ondine.task("a").scores(21).start()).hasMessageContaining("scores is 21");
            assertThatThrownBy(() -> ondine.task("a").model("b")).hasMessageContaining("there is no model b; there are [pebble]");
            assertThat(ondine.model().stats().tasks()).isZero();
        }
        try (Ondine ondine = new Ondine(OndineSettings.standard())) {
            assertThatThrownBy(() -> ondine.task("a")).isInstanceOf(IllegalStateException.class).hasMessageContaining("load one");
        }
    }
}
