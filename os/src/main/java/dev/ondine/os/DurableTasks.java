package dev.ondine.os;

import dev.ondine.engine.FinishReason;
import dev.ondine.models.CapacityException;
import dev.ondine.text.grammar.Grammar;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The durable tasks of a kernel: how they get into its journal, and what becomes of those of earlier processes. */
final class DurableTasks {

    private final Optional<TaskJournal> journal;

    DurableTasks(Optional<TaskJournal> journal) {
        this.journal = journal;
    }

    /** The highest number that must not be given to a task. */
    long lastTakenId() {
        return journal.map(all -> all.firstFreeId() - 1).orElse(0L);
    }

    /**
     * Writes a task down before it is taken, if it is durable.
     *
     * @throws IllegalArgumentException if it is, and there is no journal or its grammar could not be made again
     */
    Optional<JournalFile> create(long id, EngineRunner runner, TaskTerms terms, Work work, Keepsake keepsake) {
        if (!terms.durable()) {
            return Optional.empty();
        }
        TaskJournal all = journal.orElseThrow(
                () -> new IllegalArgumentException("the task is to be durable, but this kernel has no journal; give it one, or ask for less"));
        if (work instanceof Work.CompletionWork completion && completion.options().grammar().isPresent() && keepsake.grammar().isEmpty()) {
            throw new IllegalArgumentException("the task is to be durable and has a grammar; its keepsake must tell how to make that again");
        }
        return Optional.of(all.create(new StoredTask(id, Instant.now(), runner.name(), runner.identity(), terms, work, keepsake)));
    }

    /** The task was refused. */
    void undo(long id, Optional<JournalFile> file) {
        file.ifPresent(created -> {
            created.close();
            journal.orElseThrow().forget(id);
        });
    }

    /** @throws IllegalStateException if there is no such task that has not ended */
    JournalEntry.Unfinished unfinished(long id) {
        return journal.flatMap(all -> all.find(id)).filter(JournalEntry.Unfinished.class::isInstance)
                .map(JournalEntry.Unfinished.class::cast)
                .orElseThrow(() -> new IllegalStateException("the journal holds no task %d that has not ended".formatted(id)));
    }

    /**
     * Takes a task up as its file leaves it.
     *
     * @throws IllegalArgumentException if the model is not as it was, or cannot have picked these tokens
     * @throws CapacityException        if the context has become too short
     */
    void resume(EngineRunner runner, JournalEntry.Unfinished entry, Optional<Grammar> grammar, OpenTask resumed) {
        StoredTask stored = entry.task();
        if (!stored.identity().equals(runner.identity())) {
            throw new IllegalArgumentException("model %s is [%s] now, the task was begun with [%s]"
                    .formatted(runner.name(), runner.identity(), stored.identity()));
        }
        Work work = withGrammar(stored, grammar);
        Content content = runner.content(work, resumed);
        // Deadlines count from the submission; a wall clock that was set back must not move it to the future.
        Duration age = Duration.between(stored.submitted(), Instant.now());
        Task task = new Task(stored.id(), runner, stored.terms(), work.prompt().length, work.mostTokens(),
                System.nanoTime() - Math.max(0, age.toNanos()));
        task.scoresPrompt = work.scoresPrompt();
        for (JournalEntry.Piece piece : entry.pieces()) {
            replay(piece, (CompletionContent) content, task);
        }
        task.length = content.length();
        resumed.set(task, work, content, Optional.of(journal.orElseThrow().goOn(stored.id())));
    }

    private static void replay(JournalEntry.Piece piece, CompletionContent content, Task task) {
        switch (piece) {
            case JournalEntry.Piece.Picked(var token) -> content.replay(token);
            case JournalEntry.Piece.Given(var tokens) -> {
                content.continueWith(tokens);
                task.promptTokens += tokens.length;
            }
        }
    }

    private static Work withGrammar(StoredTask stored, Optional<Grammar> grammar) {
        if (stored.keepsake().grammar().isEmpty() != grammar.isEmpty()) {
            throw new IllegalArgumentException("the task was begun %s a grammar".formatted(grammar.isEmpty() ? "with" : "without"));
        }
        return switch (stored.work()) {
            case Work.CompletionWork work -> new Work.CompletionWork(work.prompt(), work.shareable(), work.options().heldTo(grammar),
                    work.goesOn());
            case Work.EmbeddingWork work -> work;
        };
    }

    /** Gives a task up. */
    TaskResult lose(JournalEntry.Unfinished entry, String reason) {
        int[] picked = entry.pieces().stream().filter(JournalEntry.Piece.Picked.class::isInstance)
                .mapToInt(piece -> ((JournalEntry.Piece.Picked) piece).token()).toArray();
        TaskResult result = lost(entry.id(), entry.task().work().prompt().length, picked, reason);
        try (JournalFile file = journal.orElseThrow().goOn(entry.id())) {
            file.ended(result);
        }
        return result;
    }

    private static TaskResult lost(long id, int promptTokens, int[] picked, String reason) {
        TaskResult.Timings unknown = new TaskResult.Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
        return new TaskResult(id, FinishReason.FAILED, promptTokens, 0, picked, "", new float[0], "the task is lost: " + reason, unknown);
    }

    /** What came of a task that has ended, in this process or an earlier one. */
    Optional<TaskResult> result(long id) {
        return journal.flatMap(all -> all.find(id)).flatMap(entry -> switch (entry) {
            case JournalEntry.Ended ended -> Optional.of(ended.result());
            case JournalEntry.Lost lost -> Optional.of(lost(id, 0, new int[0], lost.reason()));
            case JournalEntry.Unfinished _ -> Optional.<TaskResult>empty();
        });
    }

    boolean forget(long id) {
        return journal.isPresent() && journal.get().forget(id);
    }
}
