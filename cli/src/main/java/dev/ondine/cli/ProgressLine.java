package dev.ondine.cli;

/** A line of a terminal that tells how far some work is, and goes away when it is done. Elsewhere nothing is shown. */
final class ProgressLine implements AutoCloseable {

    private static final long INTERVAL_NANOS = 100_000_000;

    private final Console console;
    private final String work;
    private final long total;
    private long shownNanos = System.nanoTime();
    private String shown = "";

    /** @param total what {@link #at} reaches at the end */
    ProgressLine(Console console, String work, long total) {
        this.console = console;
        this.work = work;
        this.total = total;
    }

    void at(long done) {
        long now = System.nanoTime();
        if (console.errorIsTerminal() && now - shownNanos >= INTERVAL_NANOS) {
            shownNanos = now;
            show("%s: %d %%".formatted(work, done * 100 / Math.max(1, total)));
        }
    }

    private void show(String text) {
        if (!text.equals(shown)) {
            console.err().print("\r" + text + " ".repeat(Math.max(0, shown.length() - text.length())));
            console.err().flush();
            shown = text;
        }
    }

    @Override
    public void close() {
        if (!shown.isEmpty()) {
            show("");
            console.err().print("\r");
            console.err().flush();
        }
    }
}
