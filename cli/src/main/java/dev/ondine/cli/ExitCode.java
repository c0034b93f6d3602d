package dev.ondine.cli;

/** What the process tells its caller. */
final class ExitCode {

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int WRONG_USE = 2;
    /** 128 + SIGINT, as shells count. */
    static final int INTERRUPTED = 130;

    private ExitCode() {
    }
}
