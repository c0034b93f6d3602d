package dev.ondine.explorer.page;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Chromium without a window. */
final class Browser {

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");

    private static final Pattern MEASURED = Pattern.compile("<pre id=\"measured\">(.*?)</pre>", Pattern.DOTALL);

    private final Path program;
    private final Path folder;

    private Browser(Path program, Path folder) {
        this.program = program;
        this.folder = folder;
    }

    /** The one on the path; without one the test is skipped. */
    static Browser installed(Path folder) {
        Optional<Path> found = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(place -> NAMES.stream().map(name -> Path.of(place, name))).filter(Files::isExecutable).findFirst();
        assumeTrue(found.isPresent(), "no Chromium on the path, so the page cannot be run; install chromium");
        return new Browser(found.get(), folder);
    }

    /** Opens a page in which a script runs after the others, and returns what it gives to {@code report}, as JSON. */
    String run(String html, String fragment, String script) throws IOException, InterruptedException {
        String watched = html.replaceFirst("<head>", Matcher.quoteReplacement("""
                <head><script>
                window.complaints = [];
                addEventListener('error', event => complaints.push(event.message));
                console.error = console.warn = (...words) => complaints.push(words.join(' '));
                window.report = value => {
                  const place = Object.assign(document.createElement('pre'), {id: 'measured'});
                  document.body.append(Object.assign(place, {textContent: JSON.stringify({complaints, value})}));
                };
                </script>"""));
        // The chart library has such a tag in a string.
        int end = watched.lastIndexOf("</body>");
        Path page = Files.writeString(folder.resolve("page.html"),
                watched.substring(0, end) + "<script>" + script + "</script>" + watched.substring(end));
        String dom = start(page, fragment, List.of("--window-size=1280,1500", "--dump-dom"));
        Matcher measured = MEASURED.matcher(dom);
        if (!measured.find()) {
            throw new AssertionError("the page reported nothing: " + dom.substring(Math.max(0, dom.length() - 500)));
        }
        return measured.group(1).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    }

    /** A picture of a page in a window of this size. */
    Path screenshot(String html, String fragment, int width, int height) throws IOException, InterruptedException {
        Path picture = folder.resolve("page-%d.png".formatted(width));
        Path page = Files.writeString(folder.resolve("page.html"), html);
        start(page, fragment, List.of("--window-size=%d,%d".formatted(width, height), "--hide-scrollbars", "--screenshot=" + picture));
        return picture;
    }

    private String start(Path page, String fragment, List<String> more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString(), "--headless", "--no-sandbox", "--disable-gpu",
                "--no-first-run", "--user-data-dir=" + folder.resolve("profile")));
        command.addAll(more);
        command.add(page.toUri() + "#" + fragment);
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command).redirectOutput(output.toFile())
                .redirectError(folder.resolve("errors").toFile()).start();
        try {
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                throw new AssertionError("the browser did not end");
            }
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output);
    }
}
