package dev.ondine.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.server.http.Access;
import dev.ondine.server.http.ApiKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The console of a server that asks for a key, in a browser. */
final class KeyPageTest {

    private static final String SECRET = "sk-console-12345";

    @TempDir
    static Path folder;

    @Test
    void asksForAKeyUntilItIsRight() throws Exception {
        try (Chromium browser = Chromium.start(folder);
             ConsoleStage stage = new ConsoleStage(Access.usual().withKeys(List.of(new ApiKey("me", SECRET, Optional.empty()))))) {
            Visitor visitor = new Visitor(stage, browser);
            browser.open(stage.address());
            browser.waitFor("document.getElementById('key-dialog').open");
            assertThat(browser.run("return document.getElementById('key-problem').hidden;").booleanValue()).isTrue();
            enter(browser, "sk-wrong-12345");
            browser.waitFor("document.getElementById('key-dialog').open && !document.getElementById('key-problem').hidden");
            enter(browser, SECRET);
            visitor.waitForServer();
            visitor.ask("Call Anna.");
            visitor.waitForAnswer();
            assertThat(visitor.text(".message.assistant .figures")).contains("written");
            assertThat(browser.run("return JSON.stringify(localStorage);").stringValue()).doesNotContain(SECRET);

            visitor.again();
            JsonNode isAsked = browser.run("return document.getElementById('key-dialog').open;");
            assertThat(isAsked.booleanValue()).as("asked again in the same tab").isFalse();
            assertThat(browser.complaints).allMatch(complaint -> complaint.contains("401"));
            assertThat(browser.requests).noneMatch(address -> address.contains(SECRET));
        }
    }

    @Test
    void showsTheRefusalToThoseWithoutAKey() throws Exception {
        try (Chromium browser = Chromium.start(folder);
             ConsoleStage stage = new ConsoleStage(Access.usual().withKeys(List.of(new ApiKey("me", SECRET, Optional.empty()))))) {
            browser.open(stage.address());
            browser.waitFor("document.getElementById('key-dialog').open");
            browser.press("Escape", 27);
            browser.waitFor("document.getElementById('connection-text').textContent.includes('needs an API key')");
            assertThat(browser.run("return document.getElementById('connection').className;").stringValue()).isEqualTo("off");
        }
    }

    private static void enter(Chromium browser, String key) throws Exception {
        browser.type("#key", key);
        browser.press("Enter", 13);
        browser.waitFor("!document.getElementById('key-dialog').open || !document.getElementById('key-problem').hidden");
    }
}
