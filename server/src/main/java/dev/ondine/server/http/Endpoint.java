package dev.ondine.server.http;

/** What answers the requests of a route. */
@FunctionalInterface
public interface Endpoint {

    /**
     * Answers one request, in one piece or as a stream.
     *
     * @throws dev.ondine.server.failure.ApiFailure to refuse it, also in the middle of a stream
     * @throws ClientGone if nobody waits for the answer any more
     */
    void answer(Exchange exchange);
}
