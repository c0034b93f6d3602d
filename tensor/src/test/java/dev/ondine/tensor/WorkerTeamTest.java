package dev.ondine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.testkit.AllocatedBytes;
import dev.ondine.testkit.ProcessorTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkerTeamTest {

    @ParameterizedTest
    @CsvSource({"1, 10, 1", "2, 0, 1", "2, 1, 1", "2, 7, 3", "3, 100, 7", "4, 9, 100", "2, 2147483647, 1000000000"})
    void doesEveryItemOnce(int workers, int items, int grain) {
        try (WorkerTeam team = new WorkerTeam(workers, workers)) {
            AtomicInteger sum = new AtomicInteger();
            team.split(items, grain, (worker, from, to) -> {
                assertThat(worker).isBetween(0, workers - 1);
                assertThat(from % grain).isZero();
                sum.addAndGet(to - from);
            });
            assertThat(sum).hasValue(items);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 9})
    void losesNoWakeUpInManyShortSplits(int workers) throws InterruptedException {
        try (WorkerTeam team = new WorkerTeam(workers, workers)) {
            AtomicIntegerArray done = new AtomicIntegerArray(16);
            int splits = 3_000;
            for (int i = 1; i <= splits; i++) {
                team.split(16, 1, (worker, from, to) -> IntStream.range(from, to).forEach(done::incrementAndGet));
                assertThat(done.get(15)).isEqualTo(i);
                if (i % 300 == 0) {
                    Thread.sleep(1); // long enough for the others to park
                }
            }
            for (int item = 0; item < 16; item++) {
                assertThat(done.get(item)).isEqualTo(splits);
            }
        }
    }

    @Test
    void givesTheSecondWorkerWorkEvenWhenItIsParked() throws InterruptedException {
        try (WorkerTeam team = new WorkerTeam(2, 2)) {
            for (int i = 0; i < 20; i++) {
                Thread.sleep(2);
                CountDownLatch both = new CountDownLatch(2);
                team.split(2, 1, (worker, from, to) -> {
                    both.countDown();
                    await(both);
                });
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void throwsWhatAnyWorkerThrewAndStaysUsable(int thrower) {
        try (WorkerTeam team = new WorkerTeam(2, 2)) {
            CountDownLatch both = new CountDownLatch(2);
            assertThatThrownBy(() -> team.split(2, 1, (worker, from, to) -> {
                both.countDown();
                await(both);
                if (worker == thrower) {
                    throw new ArithmeticException("worker " + worker);
                }
            })).isInstanceOf(ArithmeticException.class).hasMessage("worker " + thrower);
            AtomicInteger sum = new AtomicInteger();
            team.split(10, 1, (worker, from, to) -> sum.addAndGet(to - from));
            assertThat(sum).hasValue(10);
        }
    }

    @Test
    void runsASplitInsideTheWorkOnTheSameWorker() {
        try (WorkerTeam team = new WorkerTeam(2, 2)) {
            CountDownLatch both = new CountDownLatch(2);
            AtomicInteger sum = new AtomicInteger();
            team.split(2, 1, (outer, from, to) -> {
                both.countDown();
                await(both);
                team.split(10, 1, (inner, innerFrom, innerTo) -> {
                    assertThat(inner).isEqualTo(outer);
                    sum.addAndGet(innerTo - innerFrom);
                });
            });
            assertThat(sum).hasValue(20);
        }
    }

    @Test
    void refusesASecondCallerAtTheSameTime() throws InterruptedException {
        try (WorkerTeam team = new WorkerTeam(2, 2)) {
            AtomicInteger refused = new AtomicInteger();
            Thread other = new Thread(() -> {
                try {
                    team.split(1, 1, (worker, from, to) -> { });
                } catch (IllegalStateException e) {
                    refused.incrementAndGet();
                }
            });
            team.split(1, 1, (worker, from, to) -> {
                other.start();
                try {
                    other.join();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(refused).hasValue(1);
        }
    }

    @Test
    void refusesWorkAfterClose() {
        WorkerTeam team = new WorkerTeam(2, 2);
        team.close();
        team.close();
        assertThatThrownBy(() -> team.split(4, 1, (worker, from, to) -> { }))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }

    @Test
    void refusesToCloseFromInsideItsWork() {
        try (WorkerTeam team = new WorkerTeam(2, 2)) {
            WorkerTeam itself = team;
            assertThatThrownBy(() -> team.split(4, 1, (worker, from, to) -> itself.close()))
                    .isInstanceOf(IllegalStateException.class).hasMessageContaining("inside");
        }
    }

    @Test
    void parksWhenIdleAndUsesNoProcessorTime() throws InterruptedException {
        try (WorkerTeam team = new WorkerTeam(2, 2)) {
            Thread[] threads = new Thread[2];
            CountDownLatch both = new CountDownLatch(2);
            team.split(2, 1, (worker, from, to) -> {
                threads[worker] = Thread.currentThread();
                both.countDown();
                await(both);
            });
            Thread.sleep(100);
            assertThat(threads[1].getState()).isEqualTo(Thread.State.WAITING);
            Duration before = ProcessorTime.of(threads[1]);
            Thread.sleep(200);
            assertThat(ProcessorTime.of(threads[1]).minus(before)).isLessThan(Duration.ofMillis(10));
        }
    }

    @Test
    void allocatesNothing() {
        WorkerTeam.Work work = (worker, from, to) -> { };
        try (WorkerTeam team = new WorkerTeam(2, 2)) {
            Runnable splits = () -> {
                for (int i = 0; i < 10_000; i++) {
                    team.split(16, 1, work);
                }
            };
            splits.run();
            assertThat(AllocatedBytes.during(splits)).isLessThan(10_000);
        }
    }

    @Test
    void hasNoMoreThreadsThanTheMachineHasProcessors() {
        try (WorkerTeam team = new WorkerTeam(5, 3); WorkerTeam small = new WorkerTeam(2, 3)) {
            assertThat(team.size()).isEqualTo(3);
            assertThat(small.size()).isEqualTo(2);
        }
    }

    @Test
    void givesLargeSharesFirstAndSmallOnesLast() {
        List<Integer> lengths = new ArrayList<>();
        try (WorkerTeam team = new WorkerTeam(2, 2)) {
            team.split(1_003, 2, (worker, from, to) -> {
                synchronized (lengths) {
                    lengths.add(to - from);
                }
            });
        }
        assertThat(lengths).hasSizeLessThan(30).contains(502).contains(1);
        assertThat(Collections.max(lengths)).isEqualTo(502);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
