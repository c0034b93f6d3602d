package dev.ondine.server.http;

import java.time.Duration;

/** What is told of every request: for metrics and for the log of failures. */
public interface RequestObserver {

    /**
     * A request is answered, or its client has gone.
     *
     * @param route the pattern of its path; empty if there is none
     * @param status of the answer; 499 if the client went away before
     * @param time from the end of its headers to the end of its answer
     */
    void answered(String method, String route, int status, Duration time);

    /** Something broke that should not; the client was told no details. */
    void broken(String where, Throwable cause);
}
