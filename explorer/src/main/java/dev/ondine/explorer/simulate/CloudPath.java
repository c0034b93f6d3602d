package dev.ondine.explorer.simulate;

import dev.ondine.explorer.simulate.Surroundings.Quality;

/**
 * The way of a task through the cloud and back. The cloud starts when the prompt has arrived (half a round trip and the upload), reads
 * it, then gives a token every {@link CloudService#tokenSeconds}; each comes back half a round trip later. Without a link a task waits to
 * be sent, and tokens wait to be delivered, while the cloud works on.
 */
final class CloudPath {

    private final CloudService service;
    private final LinkState link;
    private final double end;
    private final CloudLog log;
    private double firstTokenAt;
    private double completionAt;
    private double radioJoules;

    CloudPath(CloudService service, LinkState link, double end, CloudLog log) {
        this.service = service;
        this.link = link;
        this.end = end;
        this.log = log;
    }

    CloudService service() {
        return service;
    }

    boolean isOnline(double seconds) {
        return link.isOnline(seconds);
    }

    /** When a task would be complete if it were sent now. */
    double completion(double now, int prompt, int answer, double uploadBytes) {
        route(now, prompt, answer, uploadBytes);
        return completionAt;
    }

    /** Sends a task; the other methods then tell of it. */
    void send(double now, int prompt, int answer, TaskStream stream) {
        double arrives = route(now, prompt, answer, stream.uploadBytes());
        if (arrives < end) {
            log.request(arrives, prompt, answer, now + stream.firstTokenSeconds() - firstTokenAt);
        }
    }

    private double route(double now, int prompt, int answer, double uploadBytes) {
        double sent = link.nextOnline(now);
        if (sent == Double.POSITIVE_INFINITY) {
            firstTokenAt = sent;
            completionAt = sent;
            radioJoules = 0;
            return sent;
        }
        Quality quality = link.quality(sent);
        double oneWay = quality.expectedRttSeconds() / 2;
        double arrives = sent + uploadBytes / quality.bytesPerSecond() + oneWay;
        double token = service.tokenSeconds(service.sequences());
        double first = arrives + prompt * service.prefillSeconds() + token + oneWay;
        firstTokenAt = link.nextOnline(first);
        completionAt = Math.max(firstTokenAt, link.nextOnline(first + (answer - 1) * token));
        radioJoules = service.radioWatts() * (Math.min(completionAt, end) - sent);
        return arrives;
    }

    double firstTokenAt() {
        return firstTokenAt;
    }

    double completionAt() {
        return completionAt;
    }

    /** Of the last task or draft that was sent. */
    double radioJoules() {
        return radioJoules;
    }

    /** When the cloud has read a prompt of which a draft will follow. */
    double promptReady(double now, int prompt) {
        double sent = link.nextOnline(now);
        return sent + link.quality(sent == Double.POSITIVE_INFINITY ? now : sent).expectedRttSeconds() / 2
                + prompt * service.prefillSeconds();
    }

    /**
     * When the verdict on a draft is back. It needs a link at the moment.
     *
     * @param ready  when the cloud has read the prompt
     * @param slack  seconds to the deadline of the first token
     * @param prompt tokens that the cloud reads besides; 0 after the first draft
     */
    double verify(double now, double ready, int draftTokens, double slack, int prompt) {
        double oneWay = link.quality(now).expectedRttSeconds() / 2;
        double arrives = now + oneWay;
        double back = link.nextOnline(Math.max(arrives, ready) + service.verifySeconds() + oneWay);
        if (arrives < end) {
            log.request(arrives, prompt + draftTokens, 0, now + slack - back);
        }
        radioJoules = service.radioWatts() * (Math.min(back, end) - now);
        return back;
    }
}
