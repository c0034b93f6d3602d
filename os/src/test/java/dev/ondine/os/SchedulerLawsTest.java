package dev.ondine.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SchedulerLawsTest {

    /** Set {@code -Dondine.traces} to another number for a longer search. */
    private static final int TRACES = Integer.getInteger("ondine.traces", 10_000);

    @Test
    void holdOnRandomTraces() {
        long promised = 0;
        long kept = 0;
        for (long seed = 0; seed < TRACES; seed++) {
            Trace trace = Trace.random(seed);
            try {
                TraceRun run = TraceRun.of(trace, new UrgencyPolicy(), new Laws());
                Laws.requireGoodEnd(run);
                if (trace.isRoomy()) {
                    promised += run.scheduler.stats().promised();
                    kept += run.scheduler.stats().kept();
                }
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("trace of seed " + seed + ": " + e.getMessage(), e);
            }
        }
        assertThat(promised).isGreaterThan(TRACES / 3);
        assertThat((double) kept / promised).as("share of %d promises that were kept", promised).isGreaterThan(0.99);
    }

    @Test
    void equalSeedsGiveEqualSteps() {
        for (long seed = 0; seed < 50; seed++) {
            List<StepRecord> once = TraceRun.of(Trace.random(seed), new UrgencyPolicy()).steps;
            assertThat(TraceRun.of(Trace.random(seed), new UrgencyPolicy()).steps).isEqualTo(once);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fifo", "round-robin"})
    void otherPoliciesLoseNothingEither(String name) {
        SchedulingPolicy policy = name.equals("fifo") ? new FirstComePolicy() : new RoundRobinPolicy();
        for (long seed = 0; seed < 300; seed++) {
            TraceRun run = TraceRun.of(Trace.random(seed), policy);
            assertThat(run.scheduler.tasks()).isEmpty();
            assertThat(run.ended.keySet()).isEqualTo(run.tasks.keySet());
            assertThat(run.simulated.usedTokens()).isZero();
        }
    }

    /** Each of these breaks a law on purpose. */
    enum Broken implements SchedulingPolicy {
        IGNORES_CLASSES, LETS_EVERYBODY_RIDE, FORGETS_INTERRUPTS, FIRST_COME;

        private final UrgencyPolicy whole = new UrgencyPolicy();

        @Override
        public int rank(Task task) {
            return switch (this) {
                case IGNORES_CLASSES -> 2;
                case FORGETS_INTERRUPTS -> Math.max(2, whole.rank(task));
                case FIRST_COME -> (int) task.id();
                case LETS_EVERYBODY_RIDE -> whole.rank(task);
            };
        }

        @Override
        public double order(Task task) {
            return whole.order(task);
        }

        @Override
        public double rideShare(int rank, boolean reads) {
            return this == LETS_EVERYBODY_RIDE ? 10 : whole.rideShare(rank, reads);
        }

        @Override
        public boolean keepsPromises() {
            return true;
        }
    }

    @ParameterizedTest
    @EnumSource(Broken.class)
    void lawsCatchASchedulerThatBreaksThem(Broken policy) {
        assertThatThrownBy(() -> {
            for (long seed = 0; seed < 300; seed++) {
                Laws.requireGoodEnd(TraceRun.of(Trace.random(seed), policy, new Laws()));
            }
        }).isInstanceOf(AssertionError.class);
    }
}
