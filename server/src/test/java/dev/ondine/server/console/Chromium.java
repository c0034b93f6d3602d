package dev.ondine.server.console;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A Chromium without a window, with one page that a test uses as a person would. */
final class Chromium implements AutoCloseable {

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");
    private static final long MOST_MILLIS = 20_000;
    private static final long PAUSE_MILLIS = 50;

    /** What the page complained of: errors, warnings, breaches of its policy, files that are missing. */
    final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    /** The addresses that the page asked for. */
    final Queue<String> requests = new ConcurrentLinkedQueue<>();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final DevTools page;

    private Chromium(Process process, Path profile) throws IOException, InterruptedException {
        this.process = process;
        this.page = new DevTools(client, pageAddress(profile), this::onEvent);
    }

    /** The one on the path; without one the test is skipped. */
    static Chromium start(Path folder) throws Exception {
        Optional<Path> found = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(place -> NAMES.stream().map(name -> Path.of(place, name))).filter(Files::isExecutable).findFirst();
        assumeTrue(found.isPresent(), "no Chromium on the path, so the console cannot be run; install chromium");
        Path profile = Files.createTempDirectory(folder, "profile");
        Process process = new ProcessBuilder(found.get().toString(), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-dev-shm-usage", "--remote-debugging-port=0", "--user-data-dir=" + profile, "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            Chromium browser = new Chromium(process, profile);
            for (String domain : List.of("Runtime", "Log", "Network", "Page")) {
                browser.page.call(domain + ".enable", Map.of());
            }
            return browser;
        } catch (Exception | Error e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private URI pageAddress(Path profile) throws IOException, InterruptedException {
        Path file = profile.resolve("DevToolsActivePort");
        for (long waited = 0; !Files.exists(file) || Files.readAllLines(file).size() < 2; waited += PAUSE_MILLIS) {
            if (waited > MOST_MILLIS || !process.isAlive()) {
                throw new AssertionError("the browser did not start");
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        URI list = URI.create("http://127.0.0.1:" + Files.readAllLines(file).getFirst() + "/json/list");
        JsonNode targets = new JsonMapper().readTree(client.send(HttpRequest.newBuilder(list).build(), BodyHandlers.ofString()).body());
        return targets.valueStream().filter(target -> target.get("type").stringValue().equals("page"))
                .map(target -> URI.create(target.get("webSocketDebuggerUrl").stringValue())).findFirst().orElseThrow();
    }

    private void onEvent(String method, JsonNode event) {
        switch (method) {
            case "Runtime.exceptionThrown" -> complaints.add(event.get("exceptionDetails").toString());
            case "Log.entryAdded" -> complaints.add(event.get("entry").get("text").stringValue() + " " + event.get("entry").path("url"));
            case "Runtime.consoleAPICalled" -> complaints.add(event.get("args").toString());
            case "Network.requestWillBeSent" -> requests.add(event.get("request").get("url").stringValue());
            default -> { }
        }
    }

    /** Sets the screen, and what a person prefers: {@code light} or {@code dark}, motion or less of it. */
    Chromium screen(int width, int height, String colours, boolean isCalm) throws Exception {
        page.call("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
        page.call("Emulation.setEmulatedMedia", Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colours),
                Map.of("name", "prefers-reduced-motion", "value", isCalm ? "reduce" : "no-preference"))));
        return this;
    }

    Chromium open(String address) throws Exception {
        page.call("Page.navigate", Map.of("url", address));
        waitFor("document.readyState === 'complete'");
        return this;
    }

    /** Runs the body of a function in the page, and waits for what it returns. */
    JsonNode run(String script) throws Exception {
        JsonNode answer = page.call("Runtime.evaluate", Map.of("expression", "(async () => {" + script + "})()", "awaitPromise", true,
                "returnByValue", true, "userGesture", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(script + ": " + answer.get("exceptionDetails"));
        }
        return answer.get("result").path("value");
    }

    /** Waits until an expression is true in the page. */
    void waitFor(String expression) throws Exception {
        for (long end = System.currentTimeMillis() + MOST_MILLIS; !run("return Boolean(" + expression + ");").booleanValue(false); ) {
            if (System.currentTimeMillis() > end) {
                throw new AssertionError("in vain waited for " + expression + "; the page shows "
                        + run("return document.body.innerText.slice(0, 600);") + " and complained of " + complaints);
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    void click(String selector) throws Exception {
        run("document.querySelector('%s').click();".formatted(selector));
    }

    /** Types into a field that has the focus then. */
    void type(String selector, String text) throws Exception {
        run("document.querySelector('%s').focus();".formatted(selector));
        page.call("Input.insertText", Map.of("text", text));
    }

    /** Presses a key, such as {@code Enter}, as {@code KeyboardEvent.key} names it. */
    void press(String key, int code) throws Exception {
        Map<String, Object> event = Map.of("key", key, "code", key, "windowsVirtualKeyCode", code, "text", key.equals("Enter") ? "\r" : "");
        page.call("Input.dispatchKeyEvent", with(event, "keyDown"));
        page.call("Input.dispatchKeyEvent", with(event, "keyUp"));
    }

    private static Map<String, Object> with(Map<String, Object> event, String type) {
        Map<String, Object> copy = new HashMap<>(event);
        copy.put("type", type);
        return copy;
    }

    byte[] picture() throws Exception {
        return Base64.getDecoder().decode(page.call("Page.captureScreenshot", Map.of("format", "png")).get("data").stringValue());
    }

    @Override
    public void close() {
        page.close();
        client.shutdownNow();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }
}
