package dev.ondine.cli;

import dev.ondine.roofline.catalogue.Catalogue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The catalogue with the user's own cards and calibrated devices: of the folder that {@code ONDINE_CATALOGUE} names, else of
 * {@code ondine/catalogue} where the system keeps settings.
 *
 * @see <a href="https://specifications.freedesktop.org/basedir-spec/latest/">XDG base directories</a>
 */
final class UserCatalogue {

    static final String FOLDER = "ONDINE_CATALOGUE";
    /** Id of the machine itself, once it is calibrated. */
    static final String HERE = "here";

    private UserCatalogue() {
    }

    static Path folder(Map<String, String> environment) {
        String named = environment.getOrDefault(FOLDER, "");
        if (!named.isEmpty()) {
            return Path.of(named).toAbsolutePath();
        }
        Path home = Path.of(System.getProperty("user.home"));
        String settings = environment.getOrDefault(System.getProperty("os.name").startsWith("Windows") ? "APPDATA" : "XDG_CONFIG_HOME", "");
        return (settings.isEmpty() || !Path.of(settings).isAbsolute() ? home.resolve(".config") : Path.of(settings))
                .resolve("ondine").resolve("catalogue");
    }

    /** @param more a further file or folder of cards, which come first; null for none */
    static Catalogue open(Console console, Path more) {
        Path folder = folder(console.environment());
        Catalogue catalogue = Catalogue.builtIn();
        if (Files.isDirectory(folder)) {
            catalogue = catalogue.with(folder);
        }
        return more == null ? catalogue : catalogue.with(more);
    }
}
