package dev.ondine.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.engine.FinishReason;
import dev.ondine.os.simulate.Agenda;
import dev.ondine.os.simulate.SimulatedDevice;
import dev.ondine.os.simulate.SimulatedRunner;
import dev.ondine.os.simulate.SimulatedWork;
import dev.ondine.os.simulate.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SchedulerTest {

    private final VirtualClock clock = new VirtualClock();
    private final Agenda agenda = new Agenda(clock);
    private final List<StepRecord> steps = new ArrayList<>();
    private final Map<Long, FinishReason> ended = new HashMap<>();
    private Scheduler scheduler = new Scheduler(new UrgencyPolicy(), clock, SchedulerSettings.STANDARD, steps::add);
    private final SimulatedRunner runner = runner("one", SimulatedDevice.exact(Devices.ROWS, 16));
    private long ids;

    private SimulatedRunner runner(String name, SimulatedDevice device) {
        return new SimulatedRunner(name, Devices.LAPTOP, device, clock, agenda, 1, (task, reason) -> ended.put(task.id(), reason));
    }

    private Task submit(SimulatedRunner on, TaskTerms terms, int prompt, int answer) {
        return submit(on, terms, prompt, answer, answer);
    }

    private Task submit(SimulatedRunner on, TaskTerms terms, int prompt, int mostTokens, int answer) {
        Task task = new Task(++ids, on, terms, prompt, mostTokens, clock.nanos());
        on.add(task, new SimulatedWork(answer, List.of()));
        scheduler.submit(task);
        return task;
    }

    private static TaskTerms of(PriorityClass priority) {
        return TaskTerms.FOREGROUND.with(priority);
    }

    @Test
    void modelsOfEqualUrgencyTakeTurns() {
        SimulatedRunner other = runner("other", SimulatedDevice.exact(Devices.ROWS, 16));
        Task first = submit(runner, of(PriorityClass.NORMAL), 100, 1000);
        Task second = submit(other, of(PriorityClass.NORMAL), 100, 1000);
        for (int i = 0; i < 200; i++) {
            scheduler.step();
        }
        assertThat(first.computeSeconds / second.computeSeconds).isCloseTo(1, within(0.1));
        assertThat(steps).allSatisfy(step -> assertThat(step.parts()).hasSize(1));
    }

    @Test
    void weightsDivideWhatIsShort() {
        scheduler = new Scheduler(new UrgencyPolicy(), clock, SchedulerSettings.STANDARD, steps::add);
        SimulatedRunner narrow = runner("narrow", SimulatedDevice.exact(Devices.ROWS, 1));
        Task light = submit(narrow, of(PriorityClass.NORMAL), 1, 5000);
        Task heavy = submit(narrow, of(PriorityClass.NORMAL).weighing(3), 1, 5000);
        for (int i = 0; i < 400; i++) {
            scheduler.step();
        }
        assertThat((double) heavy.generated() / light.generated()).isCloseTo(3, within(0.2));
    }

    @Test
    void refusalsNameTheEarliestPromise() {
        submit(runner, of(PriorityClass.FOREGROUND).with(Deadline.completion(100, Duration.ofSeconds(20))), 2000, 100);
        TaskTerms hasty = of(PriorityClass.FOREGROUND).with(Deadline.completion(50, Duration.ofMillis(500)));
        assertThatThrownBy(() -> submit(runner, hasty, 200, 50)).isInstanceOfSatisfying(RefusedException.class, refused -> {
            assertThat(refused.reason()).isEqualTo(RefusedException.Reason.DEADLINE);
            Duration earliest = refused.earliest().orElseThrow();
            assertThat(earliest).isBetween(Duration.ofMillis(500), Duration.ofSeconds(15));
            Task taken = submit(runner, hasty.with(Deadline.completion(50, earliest.plusMillis(1))), 200, 50);
            agenda.run(scheduler);
            assertThat(taken.standing.isKept()).isTrue();
        });
        assertThat(scheduler.stats().missed()).isZero();
        assertThat(scheduler.stats().refused()).isOne();
    }

    @Test
    void anAnswerOfUnknownLengthCanBePromisedToo() {
        Task task = submit(runner, of(PriorityClass.NORMAL).with(new Deadline(Deadline.NEVER, 0, Duration.ofSeconds(30))), 100,
                Integer.MAX_VALUE, 60);
        agenda.run(scheduler);
        assertThat(task.standing.isKept()).isTrue();
        assertThat(scheduler.stats().kept()).isOne();
    }

    @Test
    void nothingStarvesUnderAFloodThatNeverEnds() {
        Task old = submit(runner, of(PriorityClass.BACKGROUND), 3000, 20);
        long floods = 0;
        while (old.state() != TaskState.DONE) {
            if (scheduler.tasks().size() < 8) {
                submit(runner, of(PriorityClass.FOREGROUND), 400, 10);
                floods++;
            }
            scheduler.step();
            assertThat(clock.nanos() * 1e-9).isLessThan(30 + 10 * (3000 * 0.0027 + 20 * 0.05));
        }
        assertThat(floods).isGreaterThan(20);
        assertThat(clock.nanos() * 1e-9).as("strict until then").isGreaterThan(25);
    }

    @Test
    void whatCannotBeMetAnyMoreIsLateAndGoesOn() {
        Task task = submit(runner, of(PriorityClass.NORMAL).with(Deadline.completion(50, Duration.ofSeconds(5))), 100, 50);
        clock.advance(4.9);
        agenda.run(scheduler);
        assertThat(task.isLate()).isTrue();
        assertThat(task.view().isLate()).isTrue();
        assertThat(ended).containsEntry(task.id(), FinishReason.STOP);
        assertThat(scheduler.stats().missed()).isOne();
    }

    @Test
    void whatFitsNowhereEndsAlone() {
        SimulatedRunner small = runner("small", SimulatedDevice.exact(Devices.ROWS, 16).caching(500, 0));
        Task fits = submit(small, of(PriorityClass.BACKGROUND), 300, 50);
        Task tooLarge = submit(small, of(PriorityClass.FOREGROUND), 600, 10);
        Task alsoFits = submit(small, of(PriorityClass.NORMAL), 200, 100);
        agenda.run(scheduler);
        assertThat(ended).containsExactlyInAnyOrderEntriesOf(Map.of(fits.id(), FinishReason.STOP, tooLarge.id(), FinishReason.FAILED,
                alsoFits.id(), FinishReason.STOP));
        assertThat(small.usedTokens()).isZero();
    }

    @Test
    void whoWaitsForAnotherLendsItsClass() {
        Task slow = submit(runner, of(PriorityClass.BACKGROUND), 200, 30);
        Task between = submit(runner, of(PriorityClass.BACKGROUND).after(Set.of(slow.id())), 20, 5);
        Task normal = submit(runner, of(PriorityClass.NORMAL), 2000, 200);
        Task urgent = submit(runner, of(PriorityClass.FOREGROUND).after(Set.of(between.id())), 20, 5);
        agenda.run(scheduler);
        assertThat(List.of(slow.doneNanos, between.doneNanos, urgent.doneNanos, normal.doneNanos)).isSorted();
    }

    @Test
    void composingAStepIsQuick() {
        for (int i = 0; i < 200; i++) {
            submit(runner, of(PriorityClass.values()[1 + i % 3]).weighing(1 + i % 5), 50 + i, 400);
        }
        for (int i = 0; i < 3000; i++) {
            scheduler.step();
        }
        long startNanos = System.nanoTime();
        for (int i = 0; i < 1000; i++) {
            scheduler.step();
        }
        assertThat((System.nanoTime() - startNanos) * 1e-9 / 1000).as("seconds a step").isLessThan(0.02);
    }
}
