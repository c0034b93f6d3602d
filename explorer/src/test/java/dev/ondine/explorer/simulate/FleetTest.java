package dev.ondine.explorer.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class FleetTest {

    private static Scenario homes(int devices, int servers, int slots, double target) throws IOException {
        Scenario example = Scenario.example("home-fleet");
        return new Scenario(example.name(), example.seconds(), example.localStart(), example.bins(), example.design(), example.streams(),
                example.surroundings(), example.cloud(),
                Optional.of(new Scenario.FleetPlan(devices, List.of(0.0, 1.0, -5.0), servers, slots, target)));
    }

    @Test
    void equalSeedsGiveEqualText() throws IOException {
        Fleet fleet = new Fleet(homes(40, 2, 4, 0.5), DesignCatalogue.NONE);
        FleetReport report = fleet.run(3);
        assertThat(report.drawn()).contains("40 devices", "needed for p99 500 ms");
        assertThat(fleet.run(3).json()).isEqualTo(report.json());
        assertThat(fleet.run(4).json()).isNotEqualTo(report.json());
        assertThat(report.arrivals()).isGreaterThan(40 * 60);
        assertThat(report.cloud().requests()).isGreaterThan(40 * 8);
    }

    @Test
    void findsTheFewestServersThatKeepToTheTarget() throws IOException {
        FleetReport report = new Fleet(homes(60, 1, 1, 2.0), DesignCatalogue.NONE).run(9);
        int needed = report.needed().servers();
        assertThat(needed).isGreaterThan(1);
        assertThat(report.needed().queueing().p99()).isLessThanOrEqualTo(2.0);
        FleetReport oneLess = new Fleet(homes(60, needed - 1, 1, 2.0), DesignCatalogue.NONE).run(9);
        assertThat(oneLess.cloud().queueing().p99()).isGreaterThan(2.0);
        assertThat(oneLess.cloud().requests()).isEqualTo(report.needed().requests());
    }

    @Test
    void moreServersNeverMakeTheWaitLonger() {
        CloudRequests requests = new CloudRequests();
        SplittableRandom random = new SplittableRandom(1);
        double time = 0;
        for (int i = 0; i < 20_000; i++) {
            time += random.nextDouble() * 0.4;
            requests.request(time, random.nextInt(2000), random.nextInt(400), 1);
        }
        CloudService service = CloudService.of(new CloudService.Speed(0.015, 0.0002, 1e-4, 0.02), 8, 4, 0.8);
        double last = Double.POSITIVE_INFINITY;
        for (int servers = 1; servers <= 12; servers++) {
            FleetReport.CloudLoad load = SharedCloud.run(service, requests, servers, 4, time);
            assertThat(load.queueing().p99()).as("%d servers", servers).isLessThanOrEqualTo(last);
            assertThat(load.queueing().count()).isEqualTo(20_000);
            last = load.queueing().p99();
        }
        assertThat(last).isZero();
    }

    @Test
    void needsAFleetInTheScenario() throws IOException {
        Scenario phone = Scenario.example("phone-day");
        assertThatThrownBy(() -> new Fleet(phone, DesignCatalogue.NONE)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scenario \"A phone's day\" has no \"fleet\", but a fleet needs one");
    }
}
