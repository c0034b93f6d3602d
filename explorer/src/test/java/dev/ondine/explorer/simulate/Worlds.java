package dev.ondine.explorer.simulate;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Scenarios whose every step takes 20 ms and 0.112 J: 2 GB over 100 GB/s, at 7 pJ/bit; so that results can be worked out by hand. */
final class Worlds {

    static final double STEP = 0.02;
    static final double STEP_JOULES = 2e9 * 8 * 7e-12;

    private static final String DEVICE = """
            "device": {"figures": {"memory bandwidth": "100 GB/s", "fp16 peak": "1000 TFLOPS",
              "int8 peak": "1000 TOPS", "memory energy": "7 pJ/bit",
              "mac energy": 1e-15, "idle power": 0}},
            "model": {"parameters": 1e9}, "format": "FP16", "efficiency": {"memory": 1, "compute": 1}""";

    private Worlds() {
    }

    /** @param rest of the file: streams and surroundings */
    static Scenario of(String duration, int batch, String rest) {
        return read("""
                {"name": "by hand", "duration": "%s", "bins": 10, "scheduler": {"batch": %d, "chunk": 64}, %s, %s}"""
                .formatted(duration, batch, DEVICE, rest));
    }

    static Scenario read(String json) {
        try {
            return Scenario.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ScenarioReport run(String duration, int batch, String rest) {
        return Simulation.run(of(duration, batch, rest), DesignCatalogue.NONE, 1);
    }

    /** One task at midnight that never ends. */
    static final String ENDLESS = """
            "streams": [{"name": "a", "class": "normal", "arrivals": {"at": ["00:00"]}, "prompt": 1, "answer": 1e7}]""";
}
