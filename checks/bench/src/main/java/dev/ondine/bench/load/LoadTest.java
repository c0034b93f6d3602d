package dev.ondine.bench.load;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Many clients at once against a running server: those who read, those who break off, slow ones, and ones who send rubbish. Every answer
 * that was read to its end is compared with the one that the same prompt got alone.
 *
 * <pre>checks/bench/load PID [CONNECTIONS] [SECONDS] [URL]</pre>
 */
public final class LoadTest {

    private static final List<String> PROMPTS = List.of("Wake me at half past six", "Set a timer for ten minutes",
            "What is the weather in Paris?", "Play some jazz", "Remind me to call mother at noon", "Turn off the kitchen light",
            "Send Anna a message that I am late", "Wake me at a quarter to eight", "Set a timer for one hour", "Turn on the lamp");

    private final URI server;
    private final Map<Outcome, LongAdder> outcomes = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<String, String> alone = new TreeMap<>();

    private LoadTest(URI server) {
        this.server = server;
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome, new LongAdder());
        }
    }

    /** How a client's visit ended. */
    enum Outcome {
        /** A whole answer, the same as alone. */
        RIGHT,
        /** A whole answer, another one than alone. */
        WRONG,
        /** The server was full and said when to come again. */
        REFUSED,
        /** The client left in the middle, as it meant to. */
        LEFT,
        /** Rubbish was refused with 4xx. */
        RUBBISH_REFUSED,
        /** Anything else. */
        FAILED
    }

    /** @param args process id of the server, connections, seconds, address */
    public static void main(String[] args) throws Exception {
        long pid = Long.parseLong(args[0]);
        int connections = args.length > 1 ? Integer.parseInt(args[1]) : 200;
        Duration time = Duration.ofSeconds(args.length > 2 ? Long.parseLong(args[2]) : 600);
        LoadTest test = new LoadTest(URI.create(args.length > 3 ? args[3] : "http://127.0.0.1:8321"));
        test.askAlone();
        // The first clients warm the server up: classes, compiled code, caches.
        test.visit(connections, Duration.ofSeconds(Math.min(60, time.toSeconds())));
        ServerState before = ServerState.settled(test.server, pid);
        test.outcomes.values().forEach(LongAdder::reset);
        test.visit(connections, time);
        ServerState after = ServerState.settled(test.server, pid);
        test.report(connections, time, before, after);
        System.exit(test.isClean() ? 0 : 1);
    }

    private void askAlone() throws IOException, InterruptedException {
        for (String prompt : PROMPTS) {
            alone.put(prompt, new Visitor(server, 0).read(prompt, false).text());
        }
    }

    private void visit(int connections, Duration time) throws InterruptedException {
        Instant end = Instant.now().plus(time);
        List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < connections; number++) {
            Visitor visitor = new Visitor(server, number);
            threads.add(Thread.ofVirtual().start(() -> {
                while (Instant.now().isBefore(end)) {
                    once(visitor);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void once(Visitor visitor) {
        String prompt = PROMPTS.get(visitor.random().nextInt(PROMPTS.size()));
        try {
            outcomes.get(visitor.visit(prompt, alone.get(prompt))).increment();
        } catch (IOException | InterruptedException | RuntimeException e) {
            outcomes.get(Outcome.FAILED).increment();
            synchronized (problems) {
                problems.add(visitor.kind() + ": " + e);
            }
        }
    }

    private boolean isClean() {
        return outcomes.get(Outcome.WRONG).sum() + outcomes.get(Outcome.FAILED).sum() == 0;
    }

    private void report(int connections, Duration time, ServerState before, ServerState after) {
        System.out.printf("%d connections, %d s:", connections, time.toSeconds());
        outcomes.forEach((outcome, count) -> System.out.printf(" %s %d", outcome.name().toLowerCase().replace('_', ' '), count.sum()));
        System.out.println();
        System.out.println("before: " + before);
        System.out.println("after:  " + after);
        problems.stream().distinct().limit(10).forEach(System.out::println);
    }
}
