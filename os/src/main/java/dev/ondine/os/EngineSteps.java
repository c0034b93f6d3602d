package dev.ondine.os;

import dev.ondine.engine.FinishReason;
import dev.ondine.engine.Runner;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What carries plans out on the engine, so that a failure ends the tasks it concerns and no other. A plan is one step of the engine
 * unless more of its rows want logits than a step gives.
 */
final class EngineSteps {

    private final Runner runner;
    private final int mostLogitsRows;
    private final Map<Task, Job> jobs;
    /** Tasks that have failed in this plan. */
    private final Set<Task> over = new HashSet<>();
    private long engineNanos;

    /** @param jobs of the tasks, shared with the owner */
    EngineSteps(Runner runner, int mostLogitsRows, Map<Task, Job> jobs) {
        this.runner = runner;
        this.mostLogitsRows = mostLogitsRows;
        this.jobs = jobs;
    }

    /**
     * Tokens of one task in one step of the engine.
     *
     * @param isAtEnd whether they reach the last one that is known
     * @param wanted  of the row of each
     */
    private record Piece(Task task, Job job, int from, boolean isAtEnd, List<Content.Row> wanted) {

        int count(Content.Row row) {
            return Collections.frequency(wanted, row);
        }
    }

    /** @return seconds that the engine took */
    double run(StepPlan plan, StepOutcome outcome) {
        over.clear();
        engineNanos = 0;
        List<Piece> pieces = new ArrayList<>();
        int logitsRows = 0;
        for (StepPlan.Share share : plan.shares()) {
            int end = share.from() + share.tokens();
            for (int from = share.from(); from < end; ) {
                Piece piece = piece(share.task(), from, end, mostLogitsRows - logitsRows);
                pieces.add(piece);
                logitsRows += piece.count(Content.Row.LOGITS);
                from += piece.wanted.size();
                if (from < end) {
                    run(pieces, outcome);
                    pieces.clear();
                    logitsRows = 0;
                }
            }
        }
        run(pieces, outcome);
        return engineNanos * 1e-9;
    }

    /** As many of a task's tokens as give no more logits than that. */
    private Piece piece(Task task, int from, int end, int logitsRoom) {
        Job job = jobs.get(task);
        List<Content.Row> wanted = new ArrayList<>();
        for (int index = from, room = logitsRoom; index < end; index++) {
            Content.Row row = job.content().wanted(index);
            if (row == Content.Row.LOGITS && room-- == 0) {
                break;
            }
            wanted.add(row);
        }
        return new Piece(task, job, from, from + wanted.size() == job.content().length(), wanted);
    }

    /** One step; if that fails, one for each task, so that one that cannot be run does not take others with it. */
    private void run(List<Piece> pieces, StepOutcome outcome) {
        List<Piece> living = pieces.stream().filter(piece -> !piece.wanted.isEmpty() && !over.contains(piece.task)).toList();
        if (living.isEmpty()) {
            return;
        }
        try {
            living.forEach(this::addRows);
            long startNanos = System.nanoTime();
            runner.run();
            engineNanos += System.nanoTime() - startNanos;
        } catch (RuntimeException | Error failure) {
            if (living.size() == 1) {
                fail(living.getFirst(), failure, outcome);
            } else {
                living.forEach(piece -> run(List.of(piece), outcome));
            }
            return;
        }
        take(living, outcome);
    }

    private void addRows(Piece piece) {
        for (int index = 0; index < piece.wanted.size(); index++) {
            int token = piece.job.content().token(piece.from + index);
            switch (piece.wanted.get(index)) {
                case EMBEDDING -> runner.addForEmbedding(piece.job.cache().state(), token);
                case LOGITS -> runner.add(piece.job.cache().state(), token, true);
                case NOTHING -> runner.add(piece.job.cache().state(), token, false);
            }
        }
    }

    private void take(List<Piece> pieces, StepOutcome outcome) {
        int logitsRow = 0;
        int embeddingRow = 0;
        for (Piece piece : pieces) {
            try {
                keepPrefix(piece.job);
                take(piece, logitsRow, embeddingRow);
                tell(piece, outcome);
            } catch (RuntimeException | Error failure) {
                fail(piece, failure, outcome);
            }
            logitsRow += piece.count(Content.Row.LOGITS);
            embeddingRow += piece.count(Content.Row.EMBEDDING);
        }
    }

    private static void keepPrefix(Job job) {
        if (job.cache().isPrefixDue()) {
            job.cache().keepPrefix(job.tokens());
        }
    }

    private void take(Piece piece, int firstLogitsRow, int firstEmbeddingRow) {
        int logitsRow = firstLogitsRow;
        int embeddingRow = firstEmbeddingRow;
        for (int index = 0; index < piece.wanted.size(); index++) {
            switch (piece.wanted.get(index)) {
                case EMBEDDING -> piece.job.content().take(piece.from + index, runner.embeddings(), embeddingRow++);
                case LOGITS -> piece.job.content().take(piece.from + index, runner.logits(), logitsRow++);
                case NOTHING -> { }
            }
        }
    }

    private static void tell(Piece piece, StepOutcome outcome) {
        switch (piece.job.content().told(piece.isAtEnd)) {
            case READS -> { }
            case GENERATED -> outcome.generated(piece.task);
            case ENDED -> outcome.ended(piece.task);
            case OVER -> outcome.over(piece.task);
            case BLOCKED -> outcome.blocked(piece.task);
        }
    }

    private void fail(Piece piece, Throwable failure, StepOutcome outcome) {
        over.add(piece.task);
        piece.job.content().end(FinishReason.FAILED, problem(failure));
        outcome.over(piece.task);
    }

    /** What a failure says, for whoever submitted the task. */
    static String problem(Throwable failure) {
        if (failure instanceof OutOfMemoryError) {
            return "the process is out of memory (%s); run fewer tasks at once or give it more".formatted(failure.getMessage());
        }
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }
}
