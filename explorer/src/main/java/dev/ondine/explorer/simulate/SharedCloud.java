package dev.ondine.explorer.simulate;

import java.util.Arrays;

/**
 * Servers that work on the requests of many devices.
 *
 * <p>A request waits, first come first served, until a server has a free slot, and goes to the one with most of them. A server with b busy
 * slots takes {@link CloudService#tokenSeconds tokenSeconds(b)} for a step, in which each of its sequences gets one token. Reading a
 * prompt, or verifying a draft, is as much work as the steps that it would take on a server with one sequence, and slows with load as
 * they do. Requests stay where they are, and never fail.
 */
final class SharedCloud {

    private final CloudService service;
    private final CloudRequests requests;
    private final int slots;
    private final Server[] servers;
    private final Tally.Samples waits = new Tally.Samples();
    private final int[] waiting;
    private int waitingFrom;
    private int waitingTo;
    private int longestQueue;
    private long late;
    private double slotSeconds;

    private SharedCloud(CloudService service, CloudRequests requests, int serverCount, int slots) {
        this.service = service;
        this.requests = requests;
        this.slots = slots;
        servers = new Server[serverCount];
        Arrays.setAll(servers, i -> new Server());
        waiting = new int[requests.count()];
    }

    /** @param requests in the order of time */
    static FleetReport.CloudLoad run(CloudService service, CloudRequests requests, int servers, int slots, double seconds) {
        return new SharedCloud(service, requests, servers, slots).run(seconds);
    }

    private FleetReport.CloudLoad run(double seconds) {
        double now = 0;
        int next = 0;
        while (true) {
            Server server = soonest();
            double arrival = next < requests.count() ? requests.seconds(next) : Double.POSITIVE_INFINITY;
            if (arrival == Double.POSITIVE_INFINITY && server.nextSeconds == Double.POSITIVE_INFINITY) {
                break;
            }
            if (arrival < server.nextSeconds) {
                now = arrival;
                waiting[waitingTo++] = next++;
            } else {
                now = server.nextSeconds;
                finish(server, now);
            }
            fill(now);
            longestQueue = Math.max(longestQueue, waitingTo - waitingFrom);
        }
        double offered = (double) servers.length * slots * Math.max(seconds, now);
        return new FleetReport.CloudLoad(servers.length, slots, requests.count(), waits.latency(), slotSeconds / offered, longestQueue,
                late);
    }

    private Server soonest() {
        Server soonest = servers[0];
        for (Server server : servers) {
            if (server.nextSeconds < soonest.nextSeconds) {
                soonest = server;
            }
        }
        return soonest;
    }

    private void fill(double now) {
        while (waitingFrom < waitingTo) {
            Server free = servers[0];
            for (Server server : servers) {
                if (server.busy < free.busy) {
                    free = server;
                }
            }
            if (free.busy == slots) {
                return;
            }
            start(free, waiting[waitingFrom++], now);
        }
    }

    private void start(Server server, int request, double now) {
        waits.add(now - requests.seconds(request));
        server.pass(now);
        double first = requests.prompt(request) * service.prefillSeconds() / service.tokenSeconds(1)
                + (requests.answer(request) == 0 ? service.verifySeconds() / service.tokenSeconds(1) : 1);
        server.events.add(server.progress + first, 2 * request);
        server.events.add(server.progress + first + Math.max(0, requests.answer(request) - 1), 2 * request + 1);
        server.busy++;
        server.schedule();
    }

    private void finish(Server server, double now) {
        server.pass(now);
        int event = server.events.removeLeast();
        int request = event / 2;
        if (event % 2 == 0) {
            double expected = requests.answer(request) == 0 ? service.verifySeconds()
                    : requests.prompt(request) * service.prefillSeconds() + service.tokenSeconds(service.sequences());
            double slack = requests.slack(request);
            if (slack >= 0 && now - requests.seconds(request) - expected > slack) {
                late++;
            }
        } else {
            server.busy--;
        }
        server.schedule();
    }

    /** One server. Its progress counts the tokens that a sequence which had always been there would have got. */
    private final class Server {

        private final EventHeap events = new EventHeap();
        private int busy;
        private double progress;
        private double lastSeconds;
        private double nextSeconds = Double.POSITIVE_INFINITY;

        private void pass(double now) {
            if (busy > 0) {
                progress += (now - lastSeconds) / service.tokenSeconds(busy);
                slotSeconds += busy * (now - lastSeconds);
            }
            lastSeconds = now;
        }

        private void schedule() {
            nextSeconds = events.isEmpty() ? Double.POSITIVE_INFINITY
                    : lastSeconds + Math.max(0, events.least() - progress) * service.tokenSeconds(busy);
        }
    }
}
