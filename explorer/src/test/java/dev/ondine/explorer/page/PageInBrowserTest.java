package dev.ondine.explorer.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.roofline.catalogue.Catalogue;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page with the whole catalogue, in a Chromium without a window. */
final class PageInBrowserTest {

    private static final double MOST_MILLIS = 50;
    private static final int CHANGES = 100;
    private static final int NARROW = 390;
    private static final int ROUNDS = 5;

    /** Moves every slider in turn; each time is that of all formulas, all charts and the layout that follows. */
    private static final String MOVE_SLIDERS = """
            const sliders = [...document.querySelectorAll('input[type=range]')];
            const rounds = Array.from({length: %d}, () => Array.from({length: %d}, (_, i) => {
              const slider = sliders[i %% sliders.length];
              slider.value = Number(slider.min) + (slider.max - slider.min) * ((i * 37) %% 100) / 100;
              const started = performance.now();
              slider.dispatchEvent(new Event('input'));
              document.body.getBoundingClientRect();
              return performance.now() - started;
            }));
            report(rounds);""".formatted(ROUNDS, CHANGES);

    private final JsonMapper json = new JsonMapper();
    private final String page = new WhatIfPage(Catalogue.builtIn().devices(), Catalogue.builtIn().models()).html();

    @TempDir
    Path folder;

    private Browser browser;

    @BeforeEach
    void find() {
        browser = Browser.installed(folder);
    }

    @Test
    void changesShowInUnder50Milliseconds() throws Exception {
        JsonNode rounds = run("", MOVE_SLIDERS);
        assertThat(rounds).hasSize(ROUNDS);
        // Whatever else the machine does only adds time, so the quietest of equal changes counts.
        double[] quietest = IntStream.range(0, CHANGES)
                .mapToDouble(change -> rounds.valueStream().mapToDouble(round -> round.get(change).doubleValue()).min().orElseThrow())
                .sorted().toArray();
        assertThat(quietest[CHANGES / 2]).as("median").isLessThan(MOST_MILLIS);
        assertThat(quietest[CHANGES - 1]).as("longest").isLessThan(MOST_MILLIS);
    }

    @Test
    void addressHoldsTheSettings() throws Exception {
        JsonNode state = run("device=snapdragon-8-gen-3&model=mixtral-8x7b&bits=3.5&batch=8&rtt=20&context=2048",
                "report(ondine.state());");
        assertThat(state.get("device").stringValue()).isEqualTo("snapdragon-8-gen-3");
        assertThat(state.get("model").stringValue()).isEqualTo("mixtral-8x7b");
        assertThat(state.get("bandwidth").doubleValue()).isCloseTo(76.8, within(1e-9));
        assertThat(state.get("bits").doubleValue()).isEqualTo(3.5);
        assertThat(state.get("batch").intValue()).isEqualTo(8);
        assertThat(state.get("rtt").doubleValue()).isEqualTo(20);
        assertThat(state.get("context").intValue()).isEqualTo(2048);
    }

    @Test
    void settingsReturnFromTheirOwnAddress() throws Exception {
        String changed = "ondine.set({device: 'h100', model: 'custom', parameters: 33, kv: 65536, int8: '', acceptance: 0.55});";
        JsonNode there = run("", changed + "report([settings.toFragment(ondine.state()), ondine.state(), ondine.results()]);");
        JsonNode back = run(there.get(0).stringValue(), "report([settings.toFragment(ondine.state()), ondine.state(), ondine.results()]);");
        assertThat(back).isEqualTo(there);
    }

    @ParameterizedTest
    @ValueSource(strings = {"device=no-such&model=%00&bits=NaN&batch=-5&context=1e400&rtt=abc", "%%%&=&&bits",
        "bandwidth=0&capacity=0&mbu=1e99", "constructor=1&__proto__=2&toString=3",
        "device=%3Cscript%3Ealert(1)%3C/script%3E&draft=999999&acceptance=7&cost=-1"})
    void rubbishInTheAddressDoesNoHarm(String fragment) throws Exception {
        JsonNode results = run(fragment, "report(ondine.results());");
        assertThat(results.get("tokensPerSecond").doubleValue()).isPositive();
    }

    @Test
    void everyInputHasALabel() throws Exception {
        JsonNode unlabelled = run("", """
                report([...document.querySelectorAll('input, select, button')]
                    .filter(input => !(input.labels?.length || input.getAttribute('aria-label') || input.textContent.trim()))
                    .map(input => input.outerHTML));""");
        assertThat(unlabelled).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1280, 1500", "390, 844"})
    void picturesShowThePage(int width, int height) throws Exception {
        BufferedImage picture = ImageIO.read(browser.screenshot(page, "", width, height).toFile());
        assertThat(picture.getWidth()).isEqualTo(width);
        assertThat(picture.getHeight()).isEqualTo(height);
        assertThat(Arrays.stream(picture.getRGB(0, 0, width, height, null, 0, width)).distinct().limit(50).count()).isEqualTo(50);
    }

    @Test
    void narrowScreensNeedNoScrollingSideways() throws Exception {
        // Windows cannot be so narrow; a frame can. Charts take the width that they are given.
        JsonNode tooWide = run("", """
                const frame = Object.assign(document.createElement('iframe'), {width: %d, height: 4000, style: 'border: 0'});
                document.querySelectorAll('.chart').forEach(chart => chart.replaceChildren());
                const copy = document.documentElement.outerHTML.replace(/<script[^]*?<.script>/g, '');
                document.body.prepend(frame);
                frame.contentDocument.write('<!DOCTYPE html>' + copy);
                frame.contentDocument.close();
                report([...frame.contentDocument.querySelectorAll('body, body *')]
                    .filter(part => part.getBoundingClientRect().right > frame.contentWindow.innerWidth)
                    .map(part => part.outerHTML.slice(0, 200)));""".formatted(NARROW));
        assertThat(tooWide).isEmpty();
    }

    private JsonNode run(String fragment, String script) throws Exception {
        JsonNode report = json.readTree(browser.run(page, fragment, script));
        assertThat(report.get("complaints")).isEmpty();
        return report.get("value");
    }
}
