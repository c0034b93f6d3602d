package dev.ondine.bench.load;

import dev.ondine.bench.load.LoadTest.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One client, who behaves in another way at every visit. */
final class Visitor {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int SLOW_BYTES = 64;
    private static final int SLOW_MILLIS = 20;

    private final URI server;
    private final Random random;
    private Kind kind;

    Visitor(URI server, int number) {
        this.server = server;
        this.random = new Random(number);
    }

    /** What a visit is like. */
    enum Kind { STREAM, WHOLE, LEAVE, SLOW, RUBBISH }

    /** What the server said. */
    record Reply(int status, String text) {
    }

    Random random() {
        return random;
    }

    Kind kind() {
        return kind;
    }

    Outcome visit(String prompt, String expected) throws IOException, InterruptedException {
        int chance = random.nextInt(100);
        kind = chance < 50 ? Kind.STREAM : chance < 65 ? Kind.WHOLE : chance < 80 ? Kind.LEAVE : chance < 95 ? Kind.SLOW : Kind.RUBBISH;
        return switch (kind) {
            case STREAM, WHOLE, SLOW -> judged(read(prompt, kind != Kind.WHOLE), expected);
            case LEAVE -> leave(prompt);
            case RUBBISH -> rubbish();
        };
    }

    private Outcome judged(Reply reply, String expected) throws InterruptedException {
        if (reply.status == 429 || reply.status == 503) {
            Thread.sleep(200 + random.nextInt(300));
            return Outcome.REFUSED;
        }
        if (reply.status != 200) {
            throw new IllegalStateException("status " + reply.status + ": " + reply.text);
        }
        return reply.text.equals(expected) ? Outcome.RIGHT : Outcome.WRONG;
    }

    /** Asks and reads the whole answer; slowly if the visit is a slow one. */
    Reply read(String prompt, boolean streamed) throws IOException, InterruptedException {
        try (Socket socket = send(body(prompt, streamed))) {
            String reply = new String(kind == Kind.SLOW ? slowly(socket.getInputStream()) : socket.getInputStream().readAllBytes(),
                    StandardCharsets.UTF_8);
            int head = reply.indexOf("\r\n\r\n");
            if (head < 0) {
                throw new IOException("the connection ended before the head of the reply: " + reply);
            }
            int status = Integer.parseInt(reply.substring(9, 12));
            String content = reply.toLowerCase().substring(0, head).contains("transfer-encoding: chunked")
                    ? unchunked(reply.substring(head + 4)) : reply.substring(head + 4);
            return new Reply(status, status == 200 ? streamed ? joined(content) : whole(content) : content);
        }
    }

    private byte[] slowly(InputStream in) throws IOException, InterruptedException {
        var all = new java.io.ByteArrayOutputStream();
        byte[] few = new byte[SLOW_BYTES];
        for (int count; (count = in.read(few)) >= 0; ) {
            all.write(few, 0, count);
            Thread.sleep(SLOW_MILLIS);
        }
        return all.toByteArray();
    }

    private Outcome leave(String prompt) throws IOException {
        try (Socket socket = send(body(prompt, true))) {
            socket.getInputStream().readNBytes(random.nextInt(600));
            socket.setSoLinger(random.nextBoolean(), 0);
        }
        return Outcome.LEFT;
    }

    private Outcome rubbish() throws IOException, InterruptedException {
        try (Socket socket = send("{\"messages\": [" + "[".repeat(random.nextInt(50)))) {
            String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return reply.startsWith("HTTP/1.1 4") ? Outcome.RUBBISH_REFUSED : Outcome.FAILED;
        }
    }

    private Socket send(String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Socket socket = new Socket(server.getHost(), server.getPort());
        socket.setSoTimeout(120_000);
        socket.getOutputStream().write(("POST /v1/chat/completions HTTP/1.1\r\nHost: " + server.getAuthority() + "\r\nContent-Type: "
                + "application/json\r\nConnection: close\r\nContent-Length: " + bytes.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(bytes);
        return socket;
    }

    private static String body(String prompt, boolean streamed) {
        return "{\"messages\": [{\"role\": \"user\", \"content\": \"%s\"}], \"temperature\": 0, \"stream\": %s}".formatted(prompt, streamed);
    }

    private static String unchunked(String chunks) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int at = 0; ; ) {
            int end = chunks.indexOf("\r\n", at);
            if (end < 0) {
                throw new IOException("the answer broke off");
            }
            int length = Integer.parseInt(chunks.substring(at, end).strip(), 16);
            if (length == 0) {
                return text.toString();
            }
            text.append(chunks, end + 2, end + 2 + length);
            at = end + 4 + length;
        }
    }

    private static String whole(String content) {
        return JSON.readTree(content).at("/choices/0/message/content").asString("");
    }

    private static String joined(String events) throws IOException {
        if (!events.contains("data: [DONE]")) {
            throw new IOException("the stream ended without [DONE]");
        }
        StringBuilder text = new StringBuilder();
        events.lines().filter(line -> line.startsWith("data: {")).forEach(line -> {
            JsonNode content = JSON.readTree(line.substring(6)).at("/choices/0/delta/content");
            text.append(content.isString() ? content.asString() : "");
        });
        return text.toString();
    }
}
