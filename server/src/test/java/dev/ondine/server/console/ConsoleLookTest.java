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

/** How the console looks and is used, in a browser. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConsoleLookTest {

    @TempDir
    static Path folder;

    private Visitor visitor;
    private Chromium browser;

    @BeforeAll
    void arrive() throws Exception {
        visitor = Visitor.arrive(folder);
        browser = visitor.browser();
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

    @ParameterizedTest
    @CsvSource({"390, 844, light", "320, 640, dark", "800, 1000, light", "1100, 800, dark", "1440, 900, light"})
    void noScreenScrollsSideways(int width, int height, String colours) throws Exception {
        browser.screen(width, height, colours, true);
        visitor.again();
        visitor.ask("Call Anna.");
        visitor.waitForAnswer();
        for (String tab : List.of("#tab-chat", "#tab-monitor")) {
            browser.click(tab);
            assertThat(browser.run("""
                    const scrolls = part => part !== document.body
                        && (getComputedStyle(part).overflowX !== 'visible' || scrolls(part.parentElement));
                    return [document.documentElement.scrollWidth, ...[...document.querySelectorAll('body *')]
                        .filter(part => part.getBoundingClientRect().right > innerWidth + 0.5 && !scrolls(part)
                            && getComputedStyle(part).clipPath === 'none')
                        .map(part => part.outerHTML.slice(0, 200))];""")).as(tab).singleElement()
                    .satisfies(found -> assertThat(found.intValue()).isLessThanOrEqualTo(width));
        }
    }

    @Test
    void tabsChooseThePanelOfANarrowScreen() throws Exception {
        browser.screen(390, 844, "light", false);
        visitor.again();
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
        visitor.ask("Call Anna.");
        visitor.waitForAnswer();
        assertThat(browser.run("""
                return [...document.querySelectorAll('input, select, textarea, button, canvas, [tabindex="0"]')]
                    .filter(part => !(part.labels?.length || part.getAttribute('aria-label') || part.getAttribute('aria-labelledby')
                        || part.textContent.trim())).map(part => part.outerHTML.slice(0, 200));""")).isEmpty();
        assertThat(browser.run("""
                const ids = [...document.querySelectorAll('[id]')].map(part => part.id);
                return [...ids.filter((id, i) => ids.indexOf(id) !== i),
                  ...['aria-controls', 'aria-labelledby', 'aria-describedby', 'for']
                      .flatMap(name => [...document.querySelectorAll(`[${name}]`)].map(part => part.getAttribute(name)))
                      .filter(id => !ids.includes(id))];""")).as("ids twice or without a part").isEmpty();
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
                const grounds = ['page', 'surface', 'field', 'tint', 'grid'];
                const texts = ['ink', 'muted', 'accent', 'bad'].flatMap(text => grounds.map(on => [text, on, 4.5]));
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
        visitor.again();
        assertThat(browser.run(background).stringValue()).isEqualTo(dark);
        browser.run("const choice = document.getElementById('theme'); choice.value = 'auto'; choice.dispatchEvent(new Event('change'));");
        assertThat(browser.run(background).stringValue()).isEqualTo(light);
        browser.screen(1440, 900, "dark", false);
        assertThat(browser.run(background).stringValue()).isEqualTo(dark);
    }
}
