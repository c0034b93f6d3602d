package dev.ondine.explorer.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.roofline.device.Spec;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SweepTest {

    @Test
    void givesEveryCombinationInOrder() {
        Scenario scenario = Worlds.of("10 s", 1, """
                "streams": [{"name": "a", "class": "normal", "arrivals": {"per hour": 3600}, "prompt": 1, "answer": 4}]""");
        List<Sweep.Point> points = new Sweep(scenario, List.of(Sweep.Axis.figure(Spec.MEMORY_BANDWIDTH, 100e9, 200e9),
                Sweep.Axis.formats("FP16", "INT8"), Sweep.Axis.batches(1, 4))).run(DesignCatalogue.NONE, 6);
        assertThat(points).extracting(point -> String.join(" ", point.labels())).containsExactly("1.0E11 FP16 1", "1.0E11 FP16 4",
                "1.0E11 INT8 1", "1.0E11 INT8 4", "2.0E11 FP16 1", "2.0E11 FP16 4", "2.0E11 INT8 1", "2.0E11 INT8 4");
        assertThat(points.getFirst().report().json()).isEqualTo(Simulation.run(scenario, DesignCatalogue.NONE, 6).json());
        // Twice the bandwidth and half the bytes: a quarter of a step each.
        assertThat(points.getFirst().report().longestStepSeconds() / points.getLast().report().longestStepSeconds()).isEqualTo(4);
    }
}
