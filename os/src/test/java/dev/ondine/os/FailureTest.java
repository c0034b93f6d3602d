package dev.ondine.os;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.engine.FinishReason;
import dev.ondine.engine.GeneratedToken;
import dev.ondine.models.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What fails takes nothing else with it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FailureTest {

    private static final String ALARM = "Wake me at half past six";

    private FailingModel model;
    private PebbleEngine pebble;

    @BeforeEach
    void starts() {
        pebble = new PebbleEngine(4, around -> around(around));
    }

    private Model around(Model whole) {
        model = new FailingModel(whole);
        return model;
    }

    @AfterEach
    void givesAllBack() {
        assertThat(pebble.heldBytes()).isZero();
        pebble.close();
    }

    private Work.CompletionWork alarm() {
        return new Work.CompletionWork(pebble.prompt(ALARM), 0, PebbleEngine.greedy(60));
    }

    /** Undisturbed. */
    private String expected() {
        try (Kernel kernel = PebbleEngine.kernel()) {
            return kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, alarm()).result().join().text();
        }
    }

    /** A step of several tasks fails once: each goes on, in a step of its own. */
    @Test
    void aStepThatFailsOnceHarmsNobody() {
        String expected = expected();
        AtomicInteger steps = new AtomicInteger();
        model.fail(batch -> batch.rows() == 3 && steps.incrementAndGet() % 5 == 0 ? new IllegalStateException("a bit fell over") : null);
        try (Kernel kernel = PebbleEngine.kernel()) {
            List<TaskHandle> tasks = pausedTogether(kernel, 3);
            assertThat(tasks).allSatisfy(task -> assertThat(task.result().join().text()).isEqualTo(expected));
        }
        assertThat(steps).hasValueGreaterThan(5);
    }

    private List<TaskHandle> pausedTogether(Kernel kernel, int count) {
        List<TaskHandle> tasks = IntStream.range(0, count).mapToObj(_ -> {
            TaskHandle task = kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, alarm());
            kernel.pause(task.id());
            return task;
        }).toList();
        tasks.forEach(task -> kernel.resume(task.id()));
        return tasks;
    }

    @Test
    void endsTheTasksWhoseStepsFail() {
        String expected = expected();
        try (Kernel kernel = PebbleEngine.kernel()) {
            model.fail(_ -> new IllegalStateException("a bit fell over"));
            TaskResult failed = kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, alarm()).result().join();
            assertThat(failed.finishReason()).isEqualTo(FinishReason.FAILED);
            assertThat(failed.problem()).isEqualTo("a bit fell over");
            assertThat(failed.tokens()).isEmpty();
            assertThat(kernel.tasks()).isEmpty();

            model.fail(_ -> null);
            assertThat(kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, alarm()).result().join().text()).isEqualTo(expected);
        }
    }

    @Test
    void survivesWithoutMemory() {
        String expected = expected();
        try (Kernel kernel = PebbleEngine.kernel()) {
            model.fail(batch -> batch.rows() > 8 ? new OutOfMemoryError("Java heap space") : null);
            TaskResult failed = kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, new Work.CompletionWork(
                    pebble.prompt("A text that nobody has read before, whatever it is about"), 0, PebbleEngine.greedy(9))).result().join();
            assertThat(failed.finishReason()).isEqualTo(FinishReason.FAILED);
            assertThat(failed.problem()).contains("out of memory", "Java heap space");
            model.fail(_ -> null);
            assertThat(kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, alarm()).result().join().text()).isEqualTo(expected);
        }
    }

    /** The scheduler and the runner without a kernel, since only there a listener can fail. */
    @Test
    void endsATaskWhoseListenerFails() {
        String expected = expected();
        List<StepRecord> steps = new ArrayList<>();
        Scheduler scheduler = new Scheduler(new UrgencyPolicy(), MonotonicClock.SYSTEM, SchedulerSettings.STANDARD, steps::add);
        Heard good = new Heard(false);
        Heard bad = new Heard(true);
        int id = 1;
        for (Heard heard : List.of(bad, good)) {
            Task task = new Task(id++, pebble.engine(), TaskTerms.FOREGROUND, alarm().prompt().length, 60, System.nanoTime());
            pebble.engine().add(task, alarm(), pebble.engine().content(alarm(), heard));
            scheduler.submit(task);
        }
        while (scheduler.step()) {
            assertThat(steps).hasSizeLessThan(10_000);
        }
        assertThat(bad.result.finishReason()).isEqualTo(FinishReason.FAILED);
        assertThat(bad.result.problem()).isEqualTo("a listener that fails");
        assertThat(good.result.text()).isEqualTo(expected);
        assertThat(scheduler.tasks()).isEmpty();
    }

    /** Keeps the result, and fails before if it is told to. */
    private static final class Heard implements TaskListener {

        private final boolean fails;
        private TaskResult result;

        Heard(boolean fails) {
            this.fails = fails;
        }

        @Override
        public void promptScores(List<GeneratedToken> tokens) {
            throw new IllegalStateException("nobody asked for scores");
        }

        @Override
        public void token(GeneratedToken token) {
            failIfTold();
        }

        @Override
        public void answered(String rest) {
            throw new IllegalStateException("nobody waits for tools here");
        }

        @Override
        public void done(String rest, TaskResult taskResult) {
            result = taskResult;
            failIfTold();
        }

        private void failIfTold() {
            if (fails) {
                throw new IllegalStateException("a listener that fails");
            }
        }
    }

    /** A policy that fails stands for any mistake in the scheduler. */
    @Test
    void goesOnAfterTheSchedulerItselfFails() {
        AtomicInteger asked = new AtomicInteger();
        SchedulingPolicy policy = new SchedulingPolicy() {

            private final UrgencyPolicy policy = new UrgencyPolicy();

            @Override
            public String name() {
                return "failing";
            }

            @Override
            public int rank(Task task) {
                if (asked.incrementAndGet() == 20) {
                    throw new IllegalStateException("a policy that fails");
                }
                return policy.rank(task);
            }

            @Override
            public double order(Task task) {
                return policy.order(task);
            }

            @Override
            public double rideShare(int rank, boolean reads) {
                return policy.rideShare(rank, reads);
            }

            @Override
            public boolean keepsPromises() {
                return false;
            }
        };
        try (Kernel kernel = new Kernel(policy, SchedulerSettings.STANDARD)) {
            TaskResult failed = kernel.submit(pebble.engine(), TaskTerms.FOREGROUND,
                    new Work.CompletionWork(pebble.prompt(ALARM), 0, PebbleEngine.greedy(60).ignoringEnd(true))).result().join();
            assertThat(failed.problem()).isEqualTo("a policy that fails");
            assertThat(kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, alarm()).result().join().finishReason())
                    .isEqualTo(FinishReason.STOP);
        }
    }
}
