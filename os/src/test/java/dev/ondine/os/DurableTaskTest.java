package dev.ondine.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.engine.FinishReason;
import dev.ondine.engine.GeneratedToken;
import dev.ondine.text.grammar.Grammar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Durable tasks that go on in another kernel. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DurableTaskTest {

    private static final Duration KEPT = Duration.ofDays(1);
    private static final String ALARM = "Wake me at half past six";

    private static PebbleEngine pebble;

    @TempDir
    private Path folder;

    @BeforeAll
    static void starts() {
        pebble = new PebbleEngine();
    }

    @AfterAll
    static void givesAllBack() {
        assertThat(pebble.heldBytes()).isZero();
        pebble.close();
    }

    private TaskJournal journal() {
        return TaskJournal.open(folder, KEPT);
    }

    private static List<TaskResult> undisturbed(List<Work.CompletionWork> works) {
        try (Kernel kernel = PebbleEngine.kernel()) {
            return works.stream().map(work -> kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, work).result().join()).toList();
        }
    }

    /** Closed and opened again at random moments until all tasks have ended: they say what they would have said. */
    @Test
    void goesOnExactly() throws InterruptedException {
        List<Work.CompletionWork> works = DurableWorks.all(pebble);
        List<TaskResult> expected = undisturbed(works);
        List<Long> ids = new ArrayList<>();
        Random random = new Random(5);
        int kernels = 0;
        for (boolean isOver = false; !isOver; kernels++) {
            try (TaskJournal journal = journal(); Kernel kernel = PebbleEngine.kernel(journal)) {
                List<TaskHandle> handles = journal.unfinished().stream().map(entry -> DurableWorks.resume(kernel, pebble, entry)).toList();
                if (kernels == 0) {
                    handles = works.stream().map(work -> DurableWorks.submit(kernel, pebble, work)).toList();
                    handles.forEach(handle -> ids.add(handle.id()));
                }
                isOver = awaitTokens(handles, 1 + random.nextInt(12));
            }
        }
        assertThat(kernels).isGreaterThan(4);
        try (TaskJournal journal = journal(); Kernel kernel = PebbleEngine.kernel(journal)) {
            for (int index = 0; index < works.size(); index++) {
                TaskResult found = kernel.result(ids.get(index)).orElseThrow();
                assertThat(found.tokens()).as("task %d", index).isEqualTo(expected.get(index).tokens());
                assertThat(found.text()).isEqualTo(expected.get(index).text());
                assertThat(found.finishReason()).isEqualTo(expected.get(index).finishReason());
                assertThat(kernel.forget(ids.get(index))).isTrue();
                assertThat(kernel.result(ids.get(index))).isEmpty();
            }
            assertThat(journal.entries()).isEmpty();
        }
    }

    /** Some tokens of each. @return whether all have ended */
    private static boolean awaitTokens(List<TaskHandle> handles, int tokens) throws InterruptedException {
        for (TaskHandle handle : handles) {
            for (int token = 0; token < tokens && !(handle.next() instanceof TaskHandle.Event.Done); token++) {
                assertThat(token).isLessThan(tokens);
            }
        }
        return handles.stream().allMatch(handle -> handle.result().isDone());
    }

    @Test
    void waitsForItsToolInAnotherKernelToo() throws InterruptedException {
        Work.CompletionWork work = new Work.CompletionWork(pebble.prompt(ALARM), 0, PebbleEngine.greedy(80), true);
        int[] more = pebble.tokenizer().encode("<|im_end|>\n<|im_start|>user\nThanks<|im_end|>\n<|im_start|>assistant\n", true);
        TaskResult expected;
        try (Kernel kernel = PebbleEngine.kernel()) {
            expected = afterTool(kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, work), more);
        }
        TaskHandle first;
        try (TaskJournal journal = journal(); Kernel kernel = PebbleEngine.kernel(journal)) {
            first = DurableWorks.submit(kernel, pebble, work);
            awaitAnswer(first);
        }
        assertThat(first.result().join().finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(first.result().join().problem()).contains("goes on");
        try (TaskJournal journal = journal(); Kernel kernel = PebbleEngine.kernel(journal)) {
            TaskHandle second = DurableWorks.resume(kernel, pebble, journal.unfinished().getFirst());
            assertThat(kernel.task(second.id()).orElseThrow().state()).isEqualTo(TaskState.BLOCKED);
            awaitAnswer(second);
            second.continueWith(more);
            assertThat(second.next()).isInstanceOf(TaskHandle.Event.Token.class);
        }
        try (TaskJournal journal = journal(); Kernel kernel = PebbleEngine.kernel(journal)) {
            TaskHandle third = DurableWorks.resume(kernel, pebble, journal.unfinished().getFirst());
            awaitAnswer(third);
            third.finish();
            assertThat(third.result().join().text()).isEqualTo(expected.text());
            assertThat(third.result().join().tokens()).isEqualTo(expected.tokens());
            assertThat(third.result().join().promptTokens()).isEqualTo(expected.promptTokens());
        }
    }

    private static TaskResult afterTool(TaskHandle handle, int[] more) throws InterruptedException {
        awaitAnswer(handle);
        handle.continueWith(more);
        awaitAnswer(handle);
        handle.finish();
        return handle.result().join();
    }

    private static void awaitAnswer(TaskHandle handle) throws InterruptedException {
        while (!(handle.next() instanceof TaskHandle.Event.Answered)) {
            assertThat(handle.result()).isNotDone();
        }
    }

    @Test
    void losesATaskWhoseModelHasChanged() {
        long id = parked();
        try (TaskJournal journal = journal(); Kernel kernel = PebbleEngine.kernel(journal)) {
            EngineRunner other = pebble.engineAs("pebble of another day");
            TaskResult result = kernel.resume(other, id, Optional.empty()).result().join();
            assertThat(result.finishReason()).isEqualTo(FinishReason.FAILED);
            assertThat(result.problem()).contains("lost", "pebble of another day", "pebble of the test");
            assertThat(journal.unfinished()).isEmpty();
            assertThat(kernel.result(id).orElseThrow().problem()).isEqualTo(result.problem());
            assertThatThrownBy(() -> kernel.resume(other, id, Optional.empty())).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void losesATaskWhoseGrammarDoesNotCome() {
        long id = parked();
        try (TaskJournal journal = journal(); Kernel kernel = PebbleEngine.kernel(journal)) {
            TaskResult result = kernel.resume(pebble.engine(), id, Optional.of(Grammar.anyJsonObject())).result().join();
            assertThat(result.problem()).contains("lost", "without a grammar");
        }
    }

    @Test
    void losesATaskWhoseModelIsGone() {
        long id = parked();
        try (TaskJournal journal = journal(); Kernel kernel = PebbleEngine.kernel(journal)) {
            kernel.lose(id, "model pebble is not here any more");
            assertThat(kernel.result(id).orElseThrow().problem()).isEqualTo("the task is lost: model pebble is not here any more");
            assertThatThrownBy(() -> kernel.lose(id, "again")).isInstanceOf(IllegalStateException.class);
        }
    }

    /** Leaves a durable task in the journal. */
    private long parked() {
        try (TaskJournal journal = journal(); Kernel kernel = PebbleEngine.kernel(journal)) {
            TaskHandle handle = DurableWorks.submit(kernel, pebble, new Work.CompletionWork(pebble.prompt(ALARM), 0, PebbleEngine.greedy(40)));
            kernel.pause(handle.id());
            return handle.id();
        }
    }

    @Test
    void countsADeadlineFromTheSubmission() {
        TaskTerms terms = TaskTerms.FOREGROUND.durable(true).with(Deadline.firstToken(Duration.ofSeconds(30)));
        Work work = new Work.CompletionWork(pebble.prompt(ALARM), 0, PebbleEngine.greedy(60));
        try (TaskJournal journal = journal()) {
            StoredTask hourOld = new StoredTask(1, Instant.now().minus(Duration.ofHours(1)), "pebble", pebble.engine().identity(), terms, work,
                    Keepsake.NONE);
            journal.create(hourOld).close();
            try (Kernel kernel = PebbleEngine.kernel(journal)) {
                TaskHandle late = kernel.resume(pebble.engine(), 1, Optional.empty());
                TaskResult result = late.result().join();
                assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
                assertThat(result.timings().firstToken()).isGreaterThan(Duration.ofMinutes(59));
                assertThat(kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, work).id()).isGreaterThan(1_600_000_000_000L);
            }
        }
    }

    @Test
    void takesDurableTasksOnlyWhereItCanKeepThem() {
        Work.CompletionWork held = DurableWorks.all(pebble).getLast();
        try (TaskJournal journal = journal(); Kernel with = PebbleEngine.kernel(journal); Kernel without = PebbleEngine.kernel()) {
            TaskTerms durable = TaskTerms.FOREGROUND.durable(true);
            assertThatThrownBy(() -> without.submit(pebble.engine(), durable, held, DurableWorks.keepsake(held)))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("journal");
            assertThatThrownBy(() -> with.submit(pebble.engine(), durable, held))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("keepsake");
            assertThat(journal.entries()).isEmpty();
        }
    }

    @Test
    void leavesNothingOfARefusedTask() {
        KernelSettings settings;
        try (TaskJournal journal = journal()) {
            settings = new KernelSettings(java.util.Map.of(), new AppQuota(1, 1000, KEPT, PriorityClass.NORMAL, 1), 2, Optional.of(journal));
            try (Kernel kernel = new Kernel(new UrgencyPolicy(), SchedulerSettings.STANDARD, settings)) {
                Work.CompletionWork work = new Work.CompletionWork(pebble.prompt(ALARM), 0, PebbleEngine.greedy(40));
                assertThatThrownBy(() -> DurableWorks.submit(kernel, pebble, work)).isInstanceOf(RefusedException.class);
                assertThat(journal.entries()).isEmpty();
            }
        }
    }

    @Test
    void hasItsFolderAlone() {
        try (TaskJournal journal = journal()) {
            assertThatThrownBy(this::journal).isInstanceOf(IllegalStateException.class).hasMessageContaining("in use");
            assertThat(journal.entries()).isEmpty();
        }
        journal().close();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void isForItsOwnersEyesOnly() throws IOException {
        parked();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))).isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.toList()).hasSize(2).allSatisfy(file ->
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------"));
        }
    }

    @Test
    void keepsResultsForAWhile() throws IOException {
        long ended;
        try (TaskJournal journal = journal(); Kernel kernel = PebbleEngine.kernel(journal)) {
            TaskHandle handle = DurableWorks.submit(kernel, pebble, new Work.CompletionWork(pebble.prompt("Hi"), 0, PebbleEngine.greedy(2)));
            handle.result().join();
            ended = handle.id();
        }
        long waiting = parked();
        for (long id : new long[] {ended, waiting}) {
            Files.setLastModifiedTime(folder.resolve(id + ".task"), FileTime.from(Instant.now().minus(KEPT.multipliedBy(2))));
        }
        try (TaskJournal journal = journal()) {
            assertThat(journal.entries()).singleElement().satisfies(entry -> assertThat(entry.id()).isEqualTo(waiting));
        }
    }

    /** Whatever a file has become: its task is lost, or its tokens are the first of those that it had. */
    @Test
    void readsNoTokenThatWasNotWritten() throws IOException {
        long id = 12;
        byte[] whole;
        StoredTask stored = new StoredTask(id, Instant.EPOCH, "pebble", "x", TaskTerms.FOREGROUND.durable(true),
                DurableWorks.all(pebble).get(2), Keepsake.NONE);
        Path path = folder.resolve("12.task");
        try (TaskJournal journal = journal(); JournalFile file = journal.create(stored)) {
            for (int token : new int[] {5, 6, 7}) {
                file.picked(token);
            }
            file.given(new int[] {1, 2});
            file.picked(8);
            whole = Files.readAllBytes(path);
            List<JournalEntry.Piece> pieces = ((JournalEntry.Unfinished) journal.find(id).orElseThrow()).pieces();
            assertThat(pieces).hasSize(5).contains(new JournalEntry.Piece.Picked(8));
            for (int length = 0; length < whole.length; length++) {
                Files.write(path, java.util.Arrays.copyOf(whole, length));
                assertBeginning(journal.find(id).orElseThrow(), pieces);
            }
            Random random = new Random(3);
            for (int round = 0; round < 2000; round++) {
                byte[] damaged = whole.clone();
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                Files.write(path, damaged);
                assertBeginning(journal.find(id).orElseThrow(), pieces);
            }
        }
    }

    private static void assertBeginning(JournalEntry entry, List<JournalEntry.Piece> pieces) {
        switch (entry) {
            case JournalEntry.Lost lost -> assertThat(lost.reason()).contains("file");
            case JournalEntry.Unfinished found -> {
                assertThat(found.pieces().size()).isLessThanOrEqualTo(pieces.size());
                assertThat(found.pieces().toString().replaceAll("@[0-9a-f]+", ""))
                        .isEqualTo(pieces.subList(0, found.pieces().size()).toString().replaceAll("@[0-9a-f]+", ""));
            }
            case JournalEntry.Ended _ -> throw new AssertionError("it had not ended");
        }
    }

    @Test
    void keepsEverythingThatDecidesWhatATaskSays() {
        List<Work> works = new ArrayList<>(DurableWorks.all(pebble).stream().map(work -> new Work.CompletionWork(work.prompt(), 3,
                work.options().heldTo(Optional.empty()).withScores(4).withPromptScores(true).showing(java.util.Set.of("[X]")), true)).toList());
        works.add(new Work.EmbeddingWork(new int[] {1, 2, 3}, Work.Pooling.LAST));
        TaskTerms terms = new TaskTerms("app", PriorityClass.NORMAL, 2.5, Deadline.completion(7, Duration.ofMillis(1234)),
                new Budget(99, Duration.ofSeconds(3), 4.5), java.util.Set.of(3L, 4L), true, true);
        try (TaskJournal journal = journal()) {
            for (int id = 0; id < works.size(); id++) {
                StoredTask task = new StoredTask(id, Instant.ofEpochMilli(77), "m", "i", terms, works.get(id), new Keepsake("g", "c\u00e9"));
                journal.create(task).close();
                StoredTask found = ((JournalEntry.Unfinished) journal.find(id).orElseThrow()).task();
                assertThat(found).usingRecursiveComparison().isEqualTo(task);
            }
        }
    }

    @Test
    void tellsFromWhereItGoesOn() throws InterruptedException {
        Work.CompletionWork work = DurableWorks.all(pebble).getFirst();
        List<GeneratedToken> told = new ArrayList<>();
        try (TaskJournal journal = journal(); Kernel kernel = PebbleEngine.kernel(journal)) {
            TaskHandle handle = DurableWorks.submit(kernel, pebble, work);
            for (int token = 0; token < 10; token++) {
                told.add(((TaskHandle.Event.Token) handle.next()).token());
            }
            kernel.pause(handle.id());
            while (handle.next(0, TimeUnit.SECONDS).orElse(null) instanceof TaskHandle.Event.Token(var token)) {
                told.add(token);
            }
        }
        try (TaskJournal journal = journal(); Kernel kernel = PebbleEngine.kernel(journal)) {
            TaskHandle handle = DurableWorks.resume(kernel, pebble, journal.unfinished().getFirst());
            while (handle.next() instanceof TaskHandle.Event.Token(var token)) {
                told.add(token);
            }
            assertThat(told.stream().mapToInt(GeneratedToken::token).toArray()).isEqualTo(handle.result().join().tokens());
        }
    }
}
