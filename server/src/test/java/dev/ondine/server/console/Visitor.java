package dev.ondine.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

/** A person at the console, with a browser and a server of their own. */
record Visitor(ConsoleStage stage, Chromium browser) implements AutoCloseable {

    /** Comes to the page. Without a browser the test is skipped. @param folder for the browser's files */
    static Visitor arrive(Path folder) throws Exception {
        Chromium browser = Chromium.start(folder);
        return new Visitor(new ConsoleStage(), browser);
    }

    /** Opens the page as somebody who was never here. */
    void open() throws Exception {
        browser.screen(1440, 900, "light", false).open(stage.address());
        browser.run("localStorage.clear();");
        again();
    }

    /** Opens the page anew, and waits until it shows the server. */
    void again() throws Exception {
        browser.open(stage.address());
        waitForServer();
    }

    void waitForServer() throws Exception {
        browser.waitFor("document.getElementById('connection').className === 'on'");
        browser.waitFor("document.getElementById('model').value === 'pebble'");
    }

    /** Leaves the page, and checks that it was quiet, broke nothing, and asked nobody but its server. */
    void leave() throws Exception {
        browser.open("about:blank");
        List<String> complaints = List.copyOf(browser.complaints);
        List<String> requests = List.copyOf(browser.requests);
        browser.complaints.clear();
        browser.requests.clear();
        assertThat(complaints).isEmpty();
        assertThat(requests).allMatch(address -> address.startsWith(stage.address() + "/") || address.startsWith("about:")
                || address.startsWith("blob:" + stage.address() + "/"), "goes to the server itself");
        assertThat(stage.broken()).isEmpty();
    }

    void ask(String question) throws Exception {
        browser.type("#question", question);
        browser.press("Enter", 13);
    }

    void waitForAnswer() throws Exception {
        browser.waitFor("document.getElementById('stop').hidden "
                + "&& document.querySelector('.message:last-child.assistant footer .figures')");
    }

    /** Changes one setting of the conversation. */
    void set(String name, String value) throws Exception {
        browser.click("#open-settings");
        browser.run("document.getElementById('settings-form').elements['%s'].value = '';".formatted(name));
        browser.type("#settings-form [name=%s]".formatted(name), value);
        browser.click("#settings-form [type=submit]");
    }

    String text(String selector) throws Exception {
        return browser.run("return document.querySelector('%s').textContent;".formatted(selector)).stringValue();
    }

    /** Presses the button of this name in a part of the page. */
    void press(String part, String name) throws Exception {
        browser.run("[...document.querySelectorAll('%s button')].find(each => each.textContent === '%s').click();".formatted(part, name));
    }

    @Override
    public void close() {
        browser.close();
        stage.close();
    }
}
