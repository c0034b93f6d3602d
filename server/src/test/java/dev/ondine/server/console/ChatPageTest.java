package dev.ondine.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.api.OndineTask;
import dev.ondine.os.PriorityClass;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The chat of the console in a browser, on a server with the small model that is inside. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ChatPageTest {

    private static final String ALARM = "Set an alarm for 18:30.";
    private static final String STORY = "Tell me a story.";
    private static final String TOOLS = """
            [{"name": "set_alarm", "description": "Sets an alarm", "parameters": {"type": "object",
            "properties": {"time": {"type": "string"}}, "required": ["time"]}}]""";

    @TempDir
    static Path folder;

    private Visitor visitor;
    private Chromium browser;
    private ConsoleStage stage;

    @BeforeAll
    void arrive() throws Exception {
        visitor = Visitor.arrive(folder);
        browser = visitor.browser();
        stage = visitor.stage();
    }

    @BeforeEach
    void open() throws Exception {
        visitor.open();
    }

    @AfterEach
    void leave() throws Exception {
        visitor.leave();
    }

    @AfterAll
    void end() {
        if (visitor != null) {
            visitor.close();
        }
    }

    @Test
    void showsTheAnswerOfTheModel() throws Exception {
        visitor.set("temperature", "0");
        visitor.ask(STORY);
        visitor.waitForAnswer();
        assertThat(visitor.text(".message.assistant .prose")).isEqualTo(stage.greedy(STORY));
        assertThat(visitor.text(".message.assistant .figures")).contains("tokens read", "written", "tokens/s", "first");
        assertThat(visitor.text("#announcement")).isEqualTo("The answer is complete.");
        assertThat(visitor.text("#conversation-title")).isEqualTo(STORY);
    }

    @Test
    void answersGrowInThePage() throws Exception {
        browser.run("""
                window.sizes = new Set();
                new MutationObserver(() => {
                  const answer = document.querySelector('.message.growing .prose');
                  if (answer !== null) sizes.add(answer.textContent.length);
                }).observe(document.getElementById('messages'), {subtree: true, childList: true, characterData: true});""");
        visitor.set("temperature", "2");
        // Alone the small model would be done before the page is drawn twice.
        List<OndineTask> others = stage.longTasks(8, PriorityClass.FOREGROUND);
        visitor.ask(STORY);
        visitor.waitForAnswer();
        others.forEach(OndineTask::cancel);
        stage.waitUntilIdle();
        assertThat(browser.run("return sizes.size;").intValue()).as("sizes that the answer had while it grew").isGreaterThan(1);
    }

    @Test
    void stopEndsTheTask() throws Exception {
        // Behind others of a more urgent class it cannot be done before it is stopped.
        browser.click("#open-settings");
        browser.run("document.querySelector('#settings-form [name=priority]').value = 'background';");
        browser.click("#settings-form [type=submit]");
        List<OndineTask> others = stage.longTasks(16, PriorityClass.NORMAL);
        visitor.ask(STORY);
        browser.waitFor("document.querySelector('.message.growing')");
        long id = stage.waitForTask("console");
        browser.click("#stop");
        browser.waitFor("document.querySelector('.message.assistant footer .figures')?.textContent.includes('stopped')");
        stage.waitUntilOver(id);
        assertThat(stage.finishReason(id)).isEqualTo("cancelled");
        assertThat(browser.run("return document.getElementById('send').hidden;").booleanValue()).isFalse();
        others.forEach(OndineTask::cancel);
        stage.waitUntilIdle();
    }

    @Test
    void regeneratesAndEdits() throws Exception {
        visitor.set("temperature", "0");
        visitor.ask(ALARM);
        visitor.waitForAnswer();
        String first = visitor.text(".message.assistant .prose");
        visitor.press(".message.assistant", "Regenerate");
        visitor.waitForAnswer();
        assertThat(visitor.text(".message.assistant .prose")).isEqualTo(first);

        visitor.press(".message.user", "Edit");
        browser.run("document.querySelector('.message.user textarea').value = 'Call Anna.';");
        visitor.press(".message.user", "Send again");
        visitor.waitForAnswer();
        assertThat(visitor.text(".message.user .prose")).isEqualTo("Call Anna.");
        assertThat(visitor.text(".message.assistant .prose")).isEqualTo(stage.greedy("Call Anna.")).isNotEqualTo(first);
        assertThat(browser.run("return document.querySelectorAll('.message').length;").intValue()).isEqualTo(2);
    }

    @Test
    void showsToolCallsAndTakesResults() throws Exception {
        visitor.set("temperature", "0");
        visitor.set("tools", TOOLS);
        visitor.ask(ALARM);
        browser.waitFor("document.querySelector('.call textarea')");
        assertThat(visitor.text(".call .call-name code")).isEqualTo("set_alarm");
        assertThat(visitor.text(".call pre")).contains("\"time\": \"18:30\"");
        browser.type(".call textarea", "{\"set\": true}");
        browser.click(".call-answer button");
        browser.waitFor("document.querySelectorAll('.message').length === 4");
        visitor.waitForAnswer();
        assertThat(visitor.text(".message.tool .prose")).isEqualTo("{\"set\": true}");
    }

    @Test
    void showsWhatTheServerRefuses() throws Exception {
        browser.run("document.getElementById('question').value = 'word '.repeat(3000);");
        browser.run("document.getElementById('composer').requestSubmit();");
        browser.waitFor("document.querySelector('.message .problem:not([hidden])')");
        assertThat(visitor.text(".message .problem:not([hidden])")).contains("512");
        // The browser itself reports every answer that is an error.
        browser.complaints.removeIf(complaint -> complaint.contains("400"));
    }

    @Test
    void conversationsStayAndTravel() throws Exception {
        visitor.set("temperature", "0");
        visitor.ask(ALARM);
        visitor.waitForAnswer();
        browser.click("#new-conversation");
        assertThat(browser.run("return document.querySelectorAll('.message').length;").intValue()).isZero();
        visitor.ask("Call Anna.");
        visitor.waitForAnswer();
        visitor.again();
        assertThat(visitor.text("#conversations")).contains(ALARM, "Call Anna.");
        assertThat(visitor.text(".message.user .prose")).isEqualTo("Call Anna.");

        JsonNode count = browser.run("""
                const {Conversations} = await import('/console/conversations.js');
                const file = new Conversations().exported();
                localStorage.clear();
                const empty = new Conversations();
                const wrong = '{"conversations": [1, null, {"id": 5}, {"messages": []}]}';
                return [empty.imported(file), empty.imported('rubbish'), empty.imported(wrong)];""");
        assertThat(count.toString()).isEqualTo("[2,0,0]");
        visitor.again();
        assertThat(visitor.text("#conversations")).contains(ALARM, "Call Anna.");
    }

    @Test
    void hostileConversationsDoNoHarm() throws Exception {
        browser.run("""
                const script = '<script>window.hacked = 1</script>';
                const image = '<img src=https://evil.example/a.png onerror=window.hacked=1>';
                localStorage.setItem('ondine.conversation.x', JSON.stringify({id: 'x', title: image, changed: 9e15, messages: [
                  {role: 'user', content: script},
                  {role: 'assistant', content: script + image, model: '<b>m</b>', problem: '<b>p</b>',
                    figures: {prompt: '<b>', reason: 'constructor'}, calls: [{name: '<b>', arguments: '<i>'}]},
                  {role: 'system', content: 'no'}, null, 5]}));
                localStorage.setItem('ondine.conversation.y', '{');
                localStorage.setItem('ondine.current', 'x');""");
        visitor.again();
        assertThat(visitor.text(".message.assistant .prose")).contains("<script>window.hacked = 1</script>");
        String harm = "return window.hacked ?? document.querySelectorAll('#messages script, #messages img, #messages b').length;";
        assertThat(browser.run(harm).intValue()).isZero();
    }
}
