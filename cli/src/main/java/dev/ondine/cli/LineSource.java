package dev.ondine.cli;

import java.util.function.Supplier;

/** Where a chat reads its lines: a person at a terminal, or a pipe. */
interface LineSource extends AutoCloseable {

    /** The user gave up the line that was being typed. */
    final class LineDropped extends Exception {

        private static final long serialVersionUID = 1L;

        private final boolean wasEmpty;

        /** @param wasEmpty whether nothing had been typed */
        LineDropped(boolean wasEmpty) {
            this.wasEmpty = wasEmpty;
        }

        boolean wasEmpty() {
            return wasEmpty;
        }
    }

    /**
     * The next line, without its end; null where no more come.
     *
     * @param isContinued whether the line goes on with a message
     * @throws LineDropped if the user pressed Ctrl-C
     */
    String next(boolean isContinued) throws LineDropped;

    /** Does some work during which Ctrl-C runs the given action. */
    <T> T interruptible(Runnable onInterrupt, Supplier<T> work);

    @Override
    void close();
}
