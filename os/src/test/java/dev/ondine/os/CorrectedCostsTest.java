package dev.ondine.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.engine.FinishReason;
import dev.ondine.roofline.cost.StepCosts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CorrectedCostsTest {

    private static final double BOUND = 0.05;

    private final CorrectedCosts speed = new CorrectedCosts(Devices.LAPTOP);
    private final StepRunner runner = new Idle();

    /** One step that reads a piece of a long prompt alone. @return tokens of the piece */
    private int read(double factor) {
        StepPlan plan = new StepPlan(runner);
        Task task = new Task(1, runner, TaskTerms.FOREGROUND, 4000, 1, 0);
        int tokens = Math.max(1, speed.piece(plan, task, 512, BOUND));
        plan.add(task, tokens);
        speed.learn(plan, plan.seconds() * factor);
        return tokens;
    }

    private static double pieceSeconds(int tokens) {
        return Devices.LAPTOP.seconds(0, 0, tokens, 0, 0);
    }

    @Test
    void theFirstPieceIsSmall() {
        assertThat(read(1)).isLessThanOrEqualTo(16);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 1, 1.2})
    void piecesFillTheBoundAfterAFewSteps(double factor) {
        for (int step = 0; step < 6; step++) {
            assertThat(pieceSeconds(read(factor)) * factor).isLessThan(1.05 * BOUND);
        }
        int tokens = read(factor);
        assertThat(tokens == 512 || pieceSeconds(tokens + 17) * factor > BOUND).as("%d tokens", tokens).isTrue();
    }

    @Test
    void outliersChangeNothingForLong() {
        for (int step = 0; step < 10; step++) {
            read(1);
        }
        int usual = read(1);
        read(30);
        assertThat(read(1)).isEqualTo(usual);
        for (int step = 0; step < 5; step++) {
            read(30);
        }
        int pieces = 0;
        while (read(1) < usual) {
            assertThat(++pieces).isLessThan(60);
        }
    }

    @Test
    void decodingAndReadingAreLearnedApart() {
        for (int step = 0; step < 8; step++) {
            read(0.5);
            StepPlan plan = new StepPlan(runner);
            Task task = new Task(1, runner, TaskTerms.FOREGROUND, 1, 1, 0);
            plan.add(task, 1);
            speed.learn(plan, 3 * plan.seconds());
        }
        assertThat(speed.decodeSeconds(1, 100) / Devices.LAPTOP.seconds(1, 100, 0, 0, 1)).isCloseTo(3, within(1e-6));
        assertThat(speed.seconds(0, 0, 64, 0, 1) / Devices.LAPTOP.seconds(0, 0, 64, 0, 1)).isCloseTo(0.5, within(1e-6));
    }

    /** A runner that is asked for its costs alone. */
    private static final class Idle implements StepRunner {

        @Override
        public String name() {
            return "idle";
        }

        @Override
        public int mostRows() {
            return Devices.ROWS;
        }

        @Override
        public int mostLogitsRows() {
            return Devices.ROWS;
        }

        @Override
        public StepCosts costs() {
            return Devices.LAPTOP;
        }

        @Override
        public int restore(Task task) {
            return 0;
        }

        @Override
        public boolean reserve(Task task, int tokens) {
            return true;
        }

        @Override
        public long park(Task task) {
            return 0;
        }

        @Override
        public void stop(Task task, FinishReason reason, String problem) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void release(Task task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void run(StepPlan plan, StepOutcome outcome) {
            throw new UnsupportedOperationException();
        }
    }
}
