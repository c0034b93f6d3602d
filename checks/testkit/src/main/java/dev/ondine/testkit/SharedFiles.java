package dev.ondine.testkit;

import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reference data that lives beside the project, not in it. A test that asks for an absent file is skipped with the reason. */
public final class SharedFiles {

    private static final JsonMapper JSON = new JsonMapper();

    private SharedFiles() {
    }

    /** The file below {@code ../shared}; skips the running test where it is absent. */
    public static Path require(String relativePath) {
        Path file = Path.of(System.getProperty("ondine.shared", "../shared")).resolve(relativePath).normalize();
        return Files.exists(file) ? file : skip("reference data is absent: shared/" + relativePath);
    }

    /** Maven counts skipped tests but keeps their reasons for its reports. */
    private static <T> T skip(String reason) {
        System.out.println("skipped: " + reason);
        return abort(reason);
    }

    /** A JSON file below {@code ../shared}; skips the running test where it is absent. */
    public static JsonNode requireJson(String relativePath) {
        return JSON.readTree(require(relativePath));
    }
}
