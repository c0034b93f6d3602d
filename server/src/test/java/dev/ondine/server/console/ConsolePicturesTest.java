package dev.ondine.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Pictures of the console under load, for people: {@code -Dondine.pictures=docs/images -Dtest=ConsolePicturesTest}. A folder that is
 * not absolute is within the repository.
 */
final class ConsolePicturesTest {

    @TempDir
    static Path folder;

    @ParameterizedTest
    @CsvSource({"console, 1440, 1250, light, tab-chat", "console-dark, 1440, 1250, dark, tab-chat",
        "console-phone, 390, 844, light, tab-monitor", "console-phone-chat, 390, 844, dark, tab-chat"})
    void showTheConsoleUnderLoad(String name, int width, int height, String colours, String tab) throws Exception {
        String place = System.getProperty("ondine.pictures");
        assumeTrue(place != null, "no pictures are wanted; -Dondine.pictures=FOLDER makes them");
        try (Visitor visitor = Visitor.arrive(folder)) {
            Chromium browser = visitor.browser();
            visitor.open();
            browser.screen(width, height, colours, false);
            visitor.again();
            putLoadOn(visitor);
            browser.click("#" + tab);
            browser.waitFor("[...document.querySelectorAll('#load-log li')].some(each => each.textContent.includes('first token'))");
            Thread.sleep(300);
            byte[] picture = browser.picture();
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture));
            assertThat(image.getWidth()).isEqualTo(width);
            assertThat(Arrays.stream(image.getRGB(0, 0, width, height, null, 0, width)).distinct().limit(50).count()).isEqualTo(50);
            Files.write(Path.of(System.getProperty("ondine.root", ".")).resolve(place).resolve(name + ".png"), picture);
        }
    }

    /** A chat, a flood, a long prompt and urgent tasks, within two seconds; then time stands still. */
    private static void putLoadOn(Visitor visitor) throws Exception {
        Chromium browser = visitor.browser();
        visitor.set("temperature", "0");
        visitor.ask("Tell me a story.");
        visitor.waitForAnswer();
        browser.click("input[name=span][value=\"2000\"]");
        browser.click("#inject-flood");
        Thread.sleep(400);
        visitor.ask("Tell me another story, of a boat.");
        Thread.sleep(300);
        browser.click("#inject-urgent");
        Thread.sleep(400);
        browser.click("#inject-long");
        browser.click("#inject-urgent");
        Thread.sleep(400);
        browser.click("#freeze");
        visitor.waitForAnswer();
    }
}
