package dev.ondine.bench.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a server holds when nobody asks it anything.
 *
 * @param tasks         that have not ended
 * @param kvBytes       that tasks hold in the cache
 * @param heapBytes     after a full collection
 * @param residentBytes of the whole process
 * @param threads       of the process
 * @param files         that it has open, sockets among them
 */
record ServerState(int tasks, long kvBytes, long heapBytes, long residentBytes, long threads, long files) {

    private static final Pattern HEAP_USED = Pattern.compile("total \\d+K, used (\\d+)K");

    /** Waits a little for the last clients to be forgotten. */
    static ServerState settled(URI server, long pid) throws IOException, InterruptedException {
        Thread.sleep(3000);
        jcmd(pid, "GC.run");
        JsonNode stats;
        try (HttpClient client = HttpClient.newHttpClient()) {
            stats = JsonMapper.builder().build().readTree(client.send(HttpRequest.newBuilder(server.resolve("/v1/stats")).build(),
                    HttpResponse.BodyHandlers.ofString()).body());
        }
        long kvBytes = 0;
        for (JsonNode task : stats.at("/memory/kv_by_task")) {
            kvBytes += task.path("bytes").asLong();
        }
        String status = Files.readString(Path.of("/proc/" + pid + "/status"));
        try (var files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return new ServerState(stats.path("tasks").size(), kvBytes, heapBytes(pid), 1024 * number(status, "VmRSS:"),
                    number(status, "Threads:"), files.count());
        }
    }

    private static long heapBytes(long pid) throws IOException, InterruptedException {
        Matcher used = HEAP_USED.matcher(jcmd(pid, "GC.heap_info"));
        long bytes = 0;
        while (used.find()) {
            bytes += 1024 * Long.parseLong(used.group(1));
        }
        return bytes;
    }

    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid), command)
                .redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return output;
    }

    private static long number(String status, String field) {
        return status.lines().filter(line -> line.startsWith(field)).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst().orElseThrow();
    }

    @Override
    public String toString() {
        return "%d tasks, %d B of cache, %.1f MB heap, %.1f MB resident, %d threads, %d files".formatted(tasks, kvBytes, heapBytes / 1e6,
                residentBytes / 1e6, threads, files);
    }
}
