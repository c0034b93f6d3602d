package dev.ondine.os.memory;

/**
 * How fast caches come and go on this machine: first guesses, replaced by what is measured as it happens.
 *
 * <p>The guesses are those of a plain SSD; the first swaps correct them.
 */
public final class ParkingSpeeds {

    private final MovingRate write = new MovingRate(500e6);
    private final MovingRate read = new MovingRate(1e9);
    private final MovingRate compress = new MovingRate(500e6);
    private final MovingRate expand = new MovingRate(1e9);
    private final MovingRate toolAnswers = new MovingRate(1);
    private final MovingRate prefill;

    /** @param prefillTokensPerSecond by the cost model, until it is measured */
    public ParkingSpeeds(double prefillTokensPerSecond) {
        prefill = new MovingRate(prefillTokensPerSecond);
    }

    /** The speeds at a moment, bytes and tokens per second. */
    public record Snapshot(double writeBytesPerSecond, double readBytesPerSecond, double compressBytesPerSecond,
                           double expandBytesPerSecond, double prefillTokensPerSecond) {
    }

    void wrote(long bytes, long nanos) {
        write.observe(bytes, nanos * 1e-9);
    }

    void read(long bytes, long nanos) {
        read.observe(bytes, nanos * 1e-9);
    }

    /** @param bytes before compression */
    void compressed(long bytes, long nanos) {
        compress.observe(bytes, nanos * 1e-9);
    }

    /** @param bytes after expansion */
    void expanded(long bytes, long nanos) {
        expand.observe(bytes, nanos * 1e-9);
    }

    /** A step that read prompts. */
    public void prefilled(int tokens, double seconds) {
        prefill.observe(tokens, seconds);
    }

    /** A tool that a task waited for has answered. */
    public void toolAnswered(long nanos) {
        toolAnswers.observe(1, nanos * 1e-9);
    }

    /** How long a task waits for its tool from any moment on: its waiting so far says nothing of that. */
    double toolWaitSeconds() {
        return 1 / toolAnswers.perSecond();
    }

    public Snapshot now() {
        return new Snapshot(write.perSecond(), read.perSecond(), compress.perSecond(), expand.perSecond(), prefill.perSecond());
    }
}
