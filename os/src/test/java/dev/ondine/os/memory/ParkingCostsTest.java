package dev.ondine.os.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class ParkingCostsTest {

    private static final EnumSet<ParkingWay> ALL = EnumSet.allOf(ParkingWay.class);

    /** 64 MB of 2,000 tokens. */
    private static ParkingCosts costs(double diskBytesPerSecond, double prefillTokensPerSecond) {
        return new ParkingCosts(64e6, 2_000, 0.53,
                new ParkingSpeeds.Snapshot(diskBytesPerSecond, diskBytesPerSecond, 500e6, 1e9, prefillTokensPerSecond));
    }

    @Test
    void secondsAreThereAndBack() {
        ParkingCosts costs = costs(1e9, 100);
        assertThat(costs.seconds(ParkingWay.SWAPPED)).isCloseTo(0.128, within(1e-9));
        assertThat(costs.seconds(ParkingWay.COMPRESSED)).isCloseTo(0.192, within(1e-9));
        assertThat(costs.seconds(ParkingWay.DROPPED)).isCloseTo(20, within(1e-9));
        assertThat(costs.seconds(ParkingWay.KEPT)).isZero();
    }

    @Test
    void underPressureTheFastestWayBackWinsThatFreesAnything() {
        assertThat(costs(1e9, 100).fastest(ALL)).isEqualTo(ParkingWay.SWAPPED);
        assertThat(costs(100e6, 100).fastest(ALL)).isEqualTo(ParkingWay.COMPRESSED);
        assertThat(costs(100e6, 100).fastest(EnumSet.of(ParkingWay.SWAPPED, ParkingWay.DROPPED))).isEqualTo(ParkingWay.SWAPPED);
        assertThat(costs(100e6, 100_000).fastest(ALL)).isEqualTo(ParkingWay.DROPPED);
        assertThat(costs(1e9, 100).fastest(EnumSet.of(ParkingWay.KEPT, ParkingWay.DROPPED))).isEqualTo(ParkingWay.DROPPED);
    }

    @Test
    void aToolThatAnswersSoonFindsTheCacheWhereItWas() {
        ParkingCosts costs = costs(1e9, 100);
        EnumSet<ParkingWay> exact = EnumSet.of(ParkingWay.KEPT, ParkingWay.SWAPPED, ParkingWay.DROPPED);
        assertThat(costs.leastWaste(exact, 0.2, 200e6)).isEqualTo(ParkingWay.KEPT);
        assertThat(costs.leastWaste(exact, 10, 200e6)).isEqualTo(ParkingWay.SWAPPED);
        // Others stall for 0.128 s of swapping: with 200 MB of theirs, that is worth 0.528 s of keeping 64 MB.
        double even = 0.128 * (64e6 + 200e6) / 64e6;
        assertThat(costs.leastWaste(exact, even - 0.001, 200e6)).isEqualTo(ParkingWay.KEPT);
        assertThat(costs.leastWaste(exact, even + 0.001, 200e6)).isEqualTo(ParkingWay.SWAPPED);
    }

    @Test
    void speedsFollowWhatIsMeasured() {
        ParkingSpeeds speeds = new ParkingSpeeds(100);
        assertThat(speeds.now().prefillTokensPerSecond()).isCloseTo(100, within(1e-9));
        for (int i = 0; i < 30; i++) {
            speeds.wrote(3_000_000, 1_000_000);
            speeds.read(2_000_000, 1_000_000);
            speeds.prefilled(50, 0.1);
        }
        assertThat(speeds.now().writeBytesPerSecond()).isCloseTo(3e9, within(1e7));
        assertThat(speeds.now().readBytesPerSecond()).isCloseTo(2e9, within(1e7));
        assertThat(speeds.now().prefillTokensPerSecond()).isCloseTo(500, within(5.0));
        speeds.wrote(0, 5);
        assertThat(speeds.now().writeBytesPerSecond()).isCloseTo(3e9, within(1e7));
    }
}
