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

/** The kernel monitor of the console in a browser, on a server with the small model that is inside. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MonitorPageTest {

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
    void aFloodAndAnUrgentTaskShowInTheMonitor() throws Exception {
        List<OndineTask> before = stage.longTasks(8, PriorityClass.NORMAL);
        browser.click("#inject-flood");
        browser.waitFor("document.querySelectorAll('#tasks tr.background:not(.over)').length === 16");
        browser.click("#inject-urgent");
        browser.waitFor("document.getElementById('load-log').textContent.includes('urgent: first token after')");
        browser.waitFor("document.getElementById('interrupt-max').textContent.endsWith('ms')");
        browser.waitFor(hasColour("--interrupt"));
        before.forEach(OndineTask::cancel);
        browser.waitFor(hasColour("--background"));

        browser.run("document.getElementById('timeline').focus();");
        browser.press("ArrowLeft", 37);
        assertThat(visitor.text("#step-readout")).matches("Step \\d+: [0-9.]+ ms, predicted [0-9.]+\\. #\\d+ (reads|writes) .*\\.");
        assertThat(visitor.text("#freeze")).isEqualTo("Go on");
        browser.click("#step-list summary");
        browser.waitFor("document.querySelectorAll('#step-rows tr').length > 3");
        assertThat(browser.run("return document.getElementById('memory-bar').children.length;").intValue()).isGreaterThan(1);
        browser.click("#inject-clear");
        stage.waitUntilIdle();
        browser.waitFor("document.getElementById('task-count').textContent === 'no task now'");
    }

    @Test
    void tasksArePausedResumedMovedAndCancelled() throws Exception {
        List<OndineTask> tasks = stage.longTasks(24, PriorityClass.BACKGROUND);
        String last = "[...document.querySelectorAll('#tasks tr.background:not(.over)')].at(-1)";
        browser.waitFor(last + " !== undefined");
        browser.run("window.row = " + last + "; row.querySelector('[aria-label^=pause]').click();");
        int id = browser.run("return Number(row.dataset.task);").intValue();
        browser.waitFor("row.children[2].textContent.includes('paused')");
        browser.run("const choice = row.querySelector('select'); choice.value = 'normal'; choice.dispatchEvent(new Event('change'));");
        browser.waitFor("row.className === 'normal'");
        browser.run("row.querySelector('[aria-label^=resume]').click();");
        browser.waitFor("!row.children[2].textContent.includes('paused')");
        browser.run("row.querySelector('[aria-label^=cancel]').click();");
        browser.waitFor("row.classList.contains('over') || !row.isConnected");
        assertThat(stage.finishReason(id)).isEqualTo("cancelled");
        tasks.forEach(OndineTask::cancel);
        stage.waitUntilIdle();
    }

    /** Whether the drawing holds a colour of the page. */
    private static String hasColour(String name) {
        return """
                (() => {
                  const canvas = document.getElementById('timeline');
                  const wanted = getComputedStyle(canvas).getPropertyValue('%s').match(/[0-9a-f]{2}/gi).map(part => parseInt(part, 16));
                  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
                  copy.drawImage(canvas, 0, 0);
                  const {data} = copy.getImageData(0, 0, canvas.width, canvas.height);
                  for (let i = 0; i < data.length; i += 4) {
                    if (wanted.every((part, j) => Math.abs(data[i + j] - part) < 3)) return true;
                  }
                  return false;
                })()""".formatted(name);
    }
}
