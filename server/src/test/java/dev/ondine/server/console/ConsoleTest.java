package dev.ondine.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The console in a browser, on a server with the small model that is inside. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConsoleTest {

    private static final String ALARM = "Set an alarm for 18:30.";
    private static final String TOOLS = """
            [{"name": "set_alarm", "description": "Sets an alarm", "parameters": {"type": "object", "properties": {"time": {"type": "string"}},
            "required": ["time"]}}]""";

    @TempDir
    static Path folder;

    private ConsoleStage stage;
    private Chromium browser;

    @BeforeAll
    void start() throws Exception {
        browser = Chromium.start(folder);
        stage = new ConsoleStage();
    }

    @AfterAll
    void end() {
        if (browser != null) {
            browser.close();
        }
        if (stage != null) {
            stage.close();
        }
    }

    @BeforeEach
    void open() throws Exception {
        browser.screen(1440, 900, "light", false).open(stage.address());
        browser.run("localStorage.clear();");
        browser.open(stage.address());
        browser.waitFor("document.getElementById('connection').className === 'on' && document.getElementById('model').value === 'pebble'");
    }

    @AfterEach
    void nothingIsWrong() throws Exception {
        browser.open("about:blank");
        assertThat(browser.complaints).isEmpty();
        assertThat(browser.requests).allMatch(address -> address.startsWith(stage.address()) || address.startsWith("about:")
                || address.startsWith("blob:" + stage.address()), "goes to the server itself");
        assertThat(stage.broken()).isEmpty();
        browser.requests.clear();
    }

    @Test
    void answersStreamIntoThePage() throws Exception {
        set("temperature", "0");
        browser.run("""
                window.sizes = new Set();
                new MutationObserver(() => {
                  const answer = document.querySelector('.message.growing .prose');
                  if (answer !== null) sizes.add(answer.textContent.length);
                }).observe(document.getElementById('messages'), {subtree: true, childList: true, characterData: true});""");
        ask(ALARM);
        browser.waitFor("document.querySelector('.message.assistant footer .figures')");
        assertThat(text(".message.assistant .prose")).isEqualTo(stage.greedy(ALARM));
        assertThat(browser.run("return sizes.size;").intValue()).as("sizes that the answer had").isGreaterThan(2);
        assertThat(text(".message.assistant .figures")).contains("tokens read", "written", "tokens/s", "first");
        assertThat(text("#announcement")).isEqualTo("The answer is complete.");
        assertThat(text("#conversation-title")).isEqualTo(ALARM);
    }

    @Test
    void stopEndsTheTask() throws Exception {
        set("temperature", "2");
        browser.run("""
                new MutationObserver((_, observer) => {
                  if (document.querySelector('.message.growing .prose')?.textContent.length > 3) {
                    observer.disconnect();
                    document.getElementById('stop').click();
                  }
                }).observe(document.getElementById('messages'), {subtree: true, childList: true, characterData: true});""");
        ask("Tell me a story.");
        browser.waitFor("document.querySelector('.message.assistant footer .figures')?.textContent.includes('stopped')");
        stage.waitUntilIdle();
        assertThat(browser.run("return document.getElementById('send').hidden;").booleanValue()).isFalse();
        assertThat(stage.lastFinishReason()).isEqualTo("cancelled");
    }

    @Test
    void regeneratesAndEdits() throws Exception {
        set("temperature", "0");
        ask(ALARM);
        waitForAnswer();
        String first = text(".message.assistant .prose");
        browser.run("[...document.querySelectorAll('.message.assistant button')].find(each => each.textContent === 'Regenerate').click();");
        waitForAnswer();
        assertThat(text(".message.assistant .prose")).isEqualTo(first);

        browser.run("[...document.querySelectorAll('.message.user button')].find(each => each.textContent === 'Edit').click();");
        browser.run("document.querySelector('.message.user textarea').value = 'Call Anna.';");
        browser.run("[...document.querySelectorAll('.message.user button')].find(each => each.textContent === 'Send again').click();");
        waitForAnswer();
        assertThat(text(".message.user .prose")).isEqualTo("Call Anna.");
        assertThat(text(".message.assistant .prose")).isEqualTo(stage.greedy("Call Anna.")).isNotEqualTo(first);
        assertThat(browser.run("return document.querySelectorAll('.message').length;").intValue()).isEqualTo(2);
    }

    @Test
    void showsToolCallsAndTakesResults() throws Exception {
        set("temperature", "0");
        set("tools", TOOLS);
        ask(ALARM);
        browser.waitFor("document.querySelector('.call textarea')");
        assertThat(text(".call .call-name code")).isEqualTo("set_alarm");
        assertThat(text(".call pre")).contains("\"time\": \"18:30\"");
        browser.type(".call textarea", "{\"set\": true}");
        browser.click(".call-answer button");
        browser.waitFor("document.querySelectorAll('.message').length === 4");
        waitForAnswer();
        assertThat(text(".message.tool .prose")).isEqualTo("{\"set\": true}");
    }

    @Test
    void showsWhatTheServerRefuses() throws Exception {
        browser.run("document.getElementById('question').value = 'word '.repeat(3000);");
        browser.run("document.getElementById('composer').requestSubmit();");
        browser.waitFor("document.querySelector('.message .problem:not([hidden])')");
        assertThat(text(".message .problem")).contains("512");
        // The browser itself reports every answer that is an error.
        browser.complaints.removeIf(complaint -> complaint.contains("400"));
    }

    @Test
    void aFloodAndAnUrgentTaskShowInTheMonitor() throws Exception {
        browser.click("#inject-flood");
        browser.waitFor("document.querySelectorAll('#tasks tr.background:not(.over)').length >= 8");
        browser.click("#inject-urgent");
        browser.waitFor("document.getElementById('load-log').textContent.includes('urgent: first token after')");
        browser.waitFor("document.getElementById('interrupt-max').textContent.endsWith('ms')");
        browser.waitFor(hasColour("--interrupt"));
        browser.waitFor(hasColour("--background"));

        browser.run("document.getElementById('timeline').focus();");
        browser.press("ArrowLeft", 37);
        assertThat(text("#step-readout")).matches("Step \\d+: [0-9.]+ ms, predicted [0-9.]+\\. #\\d+ (reads|writes) .*\\.");
        assertThat(text("#freeze")).isEqualTo("Go on");
        browser.click("#step-list summary");
        browser.waitFor("document.querySelectorAll('#step-rows tr').length > 3");
        assertThat(browser.run("return document.getElementById('memory-bar').children.length;").intValue()).isGreaterThan(1);
        browser.click("#inject-clear");
        stage.waitUntilIdle();
        browser.waitFor("document.getElementById('task-count').textContent === 'no task now'");
    }

    @Test
    void tasksArePausedResumedMovedAndCancelled() throws Exception {
        browser.click("#inject-flood");
        String last = "[...document.querySelectorAll('#tasks tr.background:not(.over)')].at(-1)";
        browser.waitFor("document.querySelectorAll('#tasks tr.background:not(.over)').length >= 8");
        int id = browser.run("window.row = " + last + "; row.querySelector('[aria-label^=pause]').click(); return Number(row.dataset.task);").intValue();
        browser.waitFor("row.children[2].textContent.includes('paused')");
        browser.run("const choice = row.querySelector('select'); choice.value = 'normal'; choice.dispatchEvent(new Event('change'));");
        browser.waitFor("row.className === 'normal'");
        browser.run("row.querySelector('[aria-label^=resume]').click();");
        browser.waitFor("!row.children[2].textContent.includes('paused')");
        browser.run("row.querySelector('[aria-label^=cancel]').click();");
        browser.waitFor("row.classList.contains('over') || !row.isConnected");
        assertThat(stage.finishReason(id)).isIn("cancelled", "length", "stop");
        browser.click("#inject-clear");
        stage.waitUntilIdle();
    }

    @Test
    void conversationsStayAndTravel() throws Exception {
        set("temperature", "0");
        ask(ALARM);
        waitForAnswer();
        browser.click("#new-conversation");
        assertThat(browser.run("return document.querySelectorAll('.message').length;").intValue()).isZero();
        ask("Call Anna.");
        waitForAnswer();
        browser.open(stage.address());
        assertThat(text("#conversations")).contains(ALARM, "Call Anna.");
        assertThat(text(".message.user .prose")).isEqualTo("Call Anna.");

        JsonNode count = browser.run("""
                const {Conversations} = await import('/console/conversations.js');
                const file = new Conversations().exported();
                localStorage.clear();
                const empty = new Conversations();
                return [empty.imported(file), empty.imported('rubbish'), empty.imported('{"conversations": [1, null, {"id": 5}, {"messages": []}]}')];""");
        assertThat(count.toString()).isEqualTo("[2,0,0]");
        browser.open(stage.address());
        assertThat(text("#conversations")).contains(ALARM, "Call Anna.");
    }

    @Test
    void hostileConversationsDoNoHarm() throws Exception {
        browser.run("""
                localStorage.setItem('ondine.conversation.x', JSON.stringify({id: 'x', title: '<img src=x onerror=window.hacked=1>', changed: 9e15,
                  messages: [{role: 'user', content: '<script>window.hacked = 1</script>'},
                    {role: 'assistant', content: '<script>window.hacked = 1</script><img src=https://evil.example/a.png onerror=window.hacked=1>',
                     model: '<b>m</b>', problem: '<b>p</b>', figures: {prompt: '<b>', reason: 'constructor'}, calls: [{name: '<b>', arguments: '<i>'}]},
                    {role: 'system', content: 'no'}, null, 5]}));
                localStorage.setItem('ondine.conversation.y', '{');
                localStorage.setItem('ondine.current', 'x');""");
        browser.open(stage.address());
        assertThat(text(".message.assistant .prose")).contains("<script>window.hacked = 1</script>");
        assertThat(browser.run("return window.hacked ?? document.querySelectorAll('#messages script, #messages img, #messages b').length;").intValue())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({"390, 844, light", "320, 640, dark", "800, 1000, light", "1100, 800, dark", "1440, 900, light"})
    void noScreenScrollsSideways(int width, int height, String colours) throws Exception {
        browser.screen(width, height, colours, true).open(stage.address());
        ask("Call Anna.");
        waitForAnswer();
        for (String tab : List.of("#tab-chat", "#tab-monitor")) {
            browser.click(tab);
            assertThat(browser.run("""
                    const scrolls = part => part !== null && (getComputedStyle(part).overflowX === 'auto' || scrolls(part.parentElement));
                    return [document.documentElement.scrollWidth, ...[...document.querySelectorAll('body *')]
                        .filter(part => part.getBoundingClientRect().right > innerWidth + 0.5 && !scrolls(part.parentElement)
                            && getComputedStyle(part).clipPath === 'none')
                        .map(part => part.outerHTML.slice(0, 200))];""")).as(tab).singleElement()
                    .satisfies(found -> assertThat(found.intValue()).isLessThanOrEqualTo(width));
        }
    }

    @Test
    void tabsChooseThePanelOfANarrowScreen() throws Exception {
        browser.screen(390, 844, "light", false).open(stage.address());
        String seen = "return ['chat', 'monitor'].map(id => document.getElementById(id).checkVisibility());";
        assertThat(browser.run(seen).toString()).isEqualTo("[true,false]");
        browser.run("document.getElementById('tab-chat').focus();");
        browser.press("ArrowRight", 39);
        assertThat(browser.run(seen).toString()).isEqualTo("[false,true]");
        browser.click("#open-drawer");
        assertThat(browser.run("return document.getElementById('drawer').checkVisibility();").booleanValue()).isTrue();
        browser.press("Escape", 27);
        assertThat(browser.run("return document.getElementById('drawer').checkVisibility();").booleanValue()).isFalse();
    }

    @Test
    void everythingHasAName() throws Exception {
        ask("Call Anna.");
        waitForAnswer();
        assertThat(browser.run("""
                return [...document.querySelectorAll('input, select, textarea, button, canvas, [tabindex="0"]')]
                    .filter(part => !(part.labels?.length || part.getAttribute('aria-label') || part.getAttribute('aria-labelledby')
                        || part.textContent.trim())).map(part => part.outerHTML.slice(0, 200));""")).isEmpty();
        assertThat(browser.run("""
                const ids = [...document.querySelectorAll('[id]')].map(part => part.id);
                return [...ids.filter((id, i) => ids.indexOf(id) !== i),
                  ...['aria-controls', 'aria-labelledby', 'aria-describedby', 'for'].flatMap(name => [...document.querySelectorAll(`[${name}]`)]
                      .map(part => part.getAttribute(name))).filter(id => !ids.includes(id))];""")).as("ids twice or without a part").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void coloursHaveContrast(String colours) throws Exception {
        browser.screen(1440, 900, colours, false);
        JsonNode weak = browser.run("""
                const style = getComputedStyle(document.documentElement);
                const light = name => {
                  const [r, g, b] = style.getPropertyValue('--' + name).match(/[0-9a-f]{2}/gi).map(part => parseInt(part, 16) / 255)
                      .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
                  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
                };
                const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
                const texts = ['ink', 'muted', 'accent', 'bad'].flatMap(text => ['page', 'surface', 'field', 'tint', 'grid'].map(on => [text, on, 4.5]));
                const parts = ['interrupt', 'foreground', 'normal', 'background', 'edge', 'weights', 'prefix', 'good', 'bad']
                    .map(part => [part, 'surface', 3]);
                return [...texts, ...parts, ['on-accent', 'accent', 4.5]].map(([a, b, least]) => [a, b, contrast(a, b), least])
                    .filter(([, , is, least]) => !(is >= least));""");
        assertThat(weak).isEmpty();
    }

    @Test
    void theThemeIsChosenAndKept() throws Exception {
        String background = "return getComputedStyle(document.getElementById('chat')).backgroundColor;";
        String light = browser.run(background).stringValue();
        browser.run("const choice = document.getElementById('theme'); choice.value = 'dark'; choice.dispatchEvent(new Event('change'));");
        String dark = browser.run(background).stringValue();
        assertThat(dark).isNotEqualTo(light);
        browser.open(stage.address());
        assertThat(browser.run(background).stringValue()).isEqualTo(dark);
        browser.run("const choice = document.getElementById('theme'); choice.value = 'auto'; choice.dispatchEvent(new Event('change'));");
        assertThat(browser.run(background).stringValue()).isEqualTo(light);
        browser.screen(1440, 900, "dark", false);
        assertThat(browser.run(background).stringValue()).isEqualTo(dark);
    }

    private void ask(String question) throws Exception {
        browser.type("#question", question);
        browser.press("Enter", 13);
    }

    private void waitForAnswer() throws Exception {
        browser.waitFor("document.getElementById('stop').hidden && document.querySelector('.message:last-child.assistant footer .figures')");
    }

    /** Changes one setting as a person would. */
    private void set(String name, String value) throws Exception {
        browser.click("#open-settings");
        browser.run("document.getElementById('settings-form').elements['%s'].value = '';".formatted(name));
        browser.type("#settings-form [name=%s]".formatted(name), value);
        browser.click("#settings-form [type=submit]");
    }

    private String text(String selector) throws Exception {
        return browser.run("return document.querySelector('%s').textContent;".formatted(selector)).stringValue();
    }

    /** Whether the drawing holds a colour of the page. */
    private static String hasColour(String name) {
        return """
                (() => {
                  const canvas = document.getElementById('timeline');
                  const wanted = getComputedStyle(canvas).getPropertyValue('%s').match(/[0-9a-f]{2}/gi).map(part => parseInt(part, 16));
                  const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
                  for (let i = 0; i < data.length; i += 4) {
                    if (wanted.every((part, j) => Math.abs(data[i + j] - part) < 3)) return true;
                  }
                  return false;
                })()""".formatted(name);
    }
}
