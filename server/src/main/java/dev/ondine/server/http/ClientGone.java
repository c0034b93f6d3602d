package dev.ondine.server.http;

/** The end of an answer whose client has closed its connection, or does not take what is written. */
public final class ClientGone extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** An end for a reason. */
    public ClientGone(Throwable cause) {
        super("the client has gone", cause);
    }
}
