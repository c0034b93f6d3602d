package dev.ondine.roofline.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoalTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            20 tok/s              | DECODE     | 20
            decode >= 20 tok/s    | DECODE     | 20
            >= 20 tokens/s        | DECODE     | 20
            at least 20 t/s       | DECODE     | 20
            Total 1e2 tok/s       | TOTAL      | 100
            prefill 1_000 tok/s   | PREFILL    | 1000
            together>=30tok/s     | TOGETHER   | 30
            ttft 500 ms           | TTFT       | 0.5
            ttft<=0.5s            | TTFT       | 0.5
            cloud ttft at most 2s | CLOUD_TTFT | 2
            0.3 J/token           | ENERGY     | 0.3
            energy <= 300 mJ/tok  | ENERGY     | 0.3
            <= 4 W                | WATTS      | 4
            power 4000mW          | WATTS      | 4
            memory <= 8 GB        | MEMORY     | 8e9
            8GiB                  | MEMORY     | 8589934592
            spare memory 1GB      | SPARE      | 1e9
            fits                  | SPARE      | 0
            """)
    void readsWhatPeopleWrite(String text, Metric metric, double limit) {
        Goal goal = Goal.parse(text, 1.5);

        assertThat(goal.metric()).isEqualTo(metric);
        assertThat(goal.limit()).isCloseTo(limit, within(1e-9 * limit));
        assertThat(Goal.parse(goal.words(), 1.5).metric()).isEqualTo(metric);
    }

    /** The deck's reading speeds: 250 words a minute at 2 tokens a word are 8.33 tokens a second, 1000 are 33.3. */
    @Test
    void turnsReadingSpeedIntoTokens() {
        assertThat(Goal.parse("250 wpm", 2).limit()).isCloseTo(8.333, within(0.001));
        assertThat(Goal.parse("1000 words/min", 2).limit()).isCloseTo(33.33, within(0.01));
        assertThat(Goal.parse("total 60 wpm", 1)).isEqualTo(new Goal(Metric.TOTAL, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fast", "20", "20 ms", "speed 20 tok/s", "20 tok/s please", "0 tok/s", "-3 W", "ttft 20 W", "<= 20 tok/s",
            "ttft >= 1 s", "memory at least 8 GB"})
    void refusesWhatIsNoGoal(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Goal.parse(text, 1.5)).withMessageMatching("(?s).*(expected|asked).*");
    }

    @Test
    void aQuestionHasATargetAndConstraints() {
        Question question = Question.parse(Unknown.BANDWIDTH, "20 tok/s, <= 4 W, memory <= 8 GB", 1.5);

        assertThat(question.target()).isEqualTo(new Goal(Metric.DECODE, 20));
        assertThat(question.constraints()).containsExactly(new Goal(Metric.WATTS, 4), new Goal(Metric.MEMORY, 8e9));
    }

    @Test
    void unknownsHaveTwoNames() {
        assertThat(Unknown.named("bandwidth")).isEqualTo(Unknown.named("memory bandwidth")).isEqualTo(Unknown.BANDWIDTH);
        assertThatIllegalArgumentException().isThrownBy(() -> Unknown.named("colour")).withMessageContaining("bandwidth, bits, parameters");
    }
}
