package dev.ondine.os;

import java.util.List;

/** What a {@link TaskJournal} knows of a task. */
public sealed interface JournalEntry {

    long id();

    /** A task that has not ended; {@link Kernel#resume} lets it go on. @param pieces of what came after its prompt, in order */
    record Unfinished(StoredTask task, List<Piece> pieces) implements JournalEntry {

        @Override
        public long id() {
            return task.id();
        }
    }

    /** Tokens that came after the prompt. */
    sealed interface Piece {

        /** The model picked it. */
        record Picked(int token) implements Piece { }

        /** A tool gave them. */
        record Given(int[] tokens) implements Piece { }
    }

    /** A task that has ended. */
    record Ended(StoredTask task, TaskResult result) implements JournalEntry {

        @Override
        public long id() {
            return task.id();
        }
    }

    /** A task that cannot go on, because its file is damaged. */
    record Lost(long id, String reason) implements JournalEntry {
    }
}
