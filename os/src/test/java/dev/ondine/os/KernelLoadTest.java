package dev.ondine.os;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.engine.FinishReason;
import dev.ondine.engine.GenerationOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hundreds of tasks of many threads that change their minds, in too little memory: nothing is lost, and no answer is another's. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class KernelLoadTest {

    private static final int THREADS = 16;
    private static final int TASKS_PER_THREAD = 24;
    private static final int ANSWERS = 12;

    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger whole = new AtomicInteger();
    private final AtomicInteger cut = new AtomicInteger();

    @Test
    void losesAndMixesUpNothing() throws InterruptedException {
        try (PebbleEngine pebble = new PebbleEngine(2, UnaryOperator.identity())) {
            SchedulerSettings settings = SchedulerSettings.STANDARD.queueing(1000, 6);
            try (Kernel kernel = new Kernel(new UrgencyPolicy(), settings)) {
                List<Work.CompletionWork> works = works(pebble);
                List<int[]> expected = works.stream()
                        .map(work -> kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, work).result().join().tokens()).toList();
                List<Thread> threads = IntStream.range(0, THREADS)
                        .mapToObj(seed -> Thread.startVirtualThread(() -> guarded(new Client(kernel, pebble, works, expected, seed)))).toList();
                for (Thread thread : threads) {
                    thread.join();
                }
                assertThat(failures).isEmpty();
                assertThat(whole.get() + cut.get()).isEqualTo(THREADS * TASKS_PER_THREAD);
                assertThat(whole).hasValueGreaterThan(THREADS);
                assertThat(cut).hasValueGreaterThan(THREADS);
                assertThat(kernel.tasks()).isEmpty();
                assertThat(kernel.stats().preemptions()).isPositive();
            }
            assertThat(pebble.heldBytes()).isZero();
        }
    }

    private static List<Work.CompletionWork> works(PebbleEngine pebble) {
        return IntStream.range(0, ANSWERS).mapToObj(index -> {
            GenerationOptions options = new GenerationOptions(20 + 5 * index, DurableWorks.seeded(index), List.of()).ignoringEnd(true);
            return new Work.CompletionWork(pebble.prompt("Story number " + index + ", please, and a good one"), index % 3 == 0 ? 5 : 0, options);
        }).toList();
    }

    private void guarded(Client client) {
        try {
            client.run();
        } catch (Throwable failure) {
            failures.add(failure);
        }
    }

    /** A thread's tasks, several at a time. */
    private final class Client {

        private final Kernel kernel;
        private final PebbleEngine pebble;
        private final List<Work.CompletionWork> works;
        private final List<int[]> expected;
        private final Random random;

        Client(Kernel kernel, PebbleEngine pebble, List<Work.CompletionWork> works, List<int[]> expected, long seed) {
            this.kernel = kernel;
            this.pebble = pebble;
            this.works = works;
            this.expected = expected;
            this.random = new Random(seed);
        }

        void run() throws InterruptedException {
            for (int round = 0; round < TASKS_PER_THREAD / 3; round++) {
                int[] choice = random.ints(3, 0, ANSWERS).toArray();
                List<TaskHandle> handles = Arrays.stream(choice).mapToObj(index -> submit(works.get(index))).toList();
                for (TaskHandle handle : handles) {
                    disturb(handle);
                }
                handles.forEach(handle -> kernel.resume(handle.id()));
                for (int index = 0; index < choice.length; index++) {
                    check(handles.get(index), expected.get(choice[index]));
                }
            }
        }

        private TaskHandle submit(Work work) {
            PriorityClass priority = PriorityClass.values()[random.nextInt(PriorityClass.values().length)];
            return kernel.submit(pebble.engine(), TaskTerms.FOREGROUND.with(priority).ofApp("app " + random.nextInt(3)), work);
        }

        private void disturb(TaskHandle handle) throws InterruptedException {
            for (int action = random.nextInt(5); action > 0; action--) {
                switch (random.nextInt(6)) {
                    case 0 -> kernel.pause(handle.id());
                    case 1 -> kernel.resume(handle.id());
                    case 2 -> kernel.reprioritise(handle.id(), PriorityClass.values()[random.nextInt(PriorityClass.values().length)]);
                    case 3 -> kernel.task(handle.id());
                    case 4 -> Thread.sleep(Duration.ofMillis(random.nextInt(10)));
                    default -> {
                        if (random.nextBoolean()) {
                            handle.cancel();
                        }
                    }
                }
            }
        }

        /** The events, one by one, are the result, and that is the whole answer or its beginning. */
        private void check(TaskHandle handle, int[] answer) throws InterruptedException {
            StringBuilder text = new StringBuilder();
            IntStream.Builder tokens = IntStream.builder();
            TaskHandle.Event event = handle.next();
            for (; event instanceof TaskHandle.Event.Token(var token); event = handle.next()) {
                tokens.add(token.token());
                text.append(token.text());
            }
            TaskHandle.Event.Done done = (TaskHandle.Event.Done) event;
            text.append(done.rest());
            TaskResult result = done.result();
            assertThat(result.id()).isEqualTo(handle.id());
            assertThat(result.tokens()).isEqualTo(tokens.build().toArray());
            assertThat(result.text()).isEqualTo(text.toString());
            assertThat(handle.next(0, TimeUnit.SECONDS)).isEmpty();
            boolean isWhole = result.finishReason() == FinishReason.LENGTH;
            assertThat(result.finishReason()).as(result.problem()).isIn(FinishReason.LENGTH, FinishReason.CANCELLED);
            assertThat(result.tokens()).isEqualTo(isWhole ? answer : Arrays.copyOf(answer, result.tokens().length));
            (isWhole ? whole : cut).incrementAndGet();
        }
    }
}
