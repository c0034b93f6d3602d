package dev.ondine.roofline.formula;

import static dev.ondine.roofline.formula.Published.assertDigits;
import static dev.ondine.roofline.formula.Published.exactly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class EnergyAndHeatTest {

    /** 200 J/K: a phone of 200 g; 4 K/W: 5 W warm it by 20 K. */
    private static final Heat PHONE = new Heat(25, 200, 4, 42);

    @Test
    @DisplayName("deck D.11: 7B INT4 costs 0.20 J a token at 7 pJ/bit, 0.56 J at 20; arithmetic 0.002 J, under 1 %")
    void token() {
        double arithmetic = Energy.tokenJoules(0, 0, 7e9, Energy.INT8_MULTIPLY_ACCUMULATE_JOULES, 0, 0);
        assertDigits(Energy.movedJoules(3.5e9, Energy.LPDDR5_JOULES_PER_BIT), "0.20");
        assertDigits(Energy.movedJoules(3.5e9, Energy.DRAM_2014_JOULES_PER_BIT), "0.56");
        assertDigits(arithmetic, "0.002");
        double whole = Energy.tokenJoules(3.5e9, Energy.LPDDR5_JOULES_PER_BIT, 7e9, Energy.INT8_MULTIPLY_ACCUMULATE_JOULES, 0, 0);
        assertThat(arithmetic / whole).isLessThan(0.01);
        assertThat(Energy.tokenJoules(0, 0, 0, 0, 0.5, 0.1)).isEqualTo(0.05, exactly());
    }

    @Test
    @DisplayName("Horowitz: 640 pJ for 32 bits of DRAM are 20 pJ a bit; 8-bit multiplication and addition 0.2 + 0.03 pJ")
    void horowitz() {
        assertThat(640e-12 / 32).isEqualTo(Energy.DRAM_2014_JOULES_PER_BIT);
        assertThat(0.2e-12 + 0.03e-12).isEqualTo(Energy.INT8_MULTIPLY_ACCUMULATE_JOULES, Offset.offset(1e-18));
    }

    @Test
    @DisplayName("S25 Ultra: 54,000 tokens of 1.2B in 4 bits for 6 % of 19.25 Wh are 0.077 J each, 16 pJ a bit all in")
    void phone() {
        double joules = Energy.measuredTokenJoules(19.25, 0.06, 54_000);
        assertDigits(joules, "0.077");
        assertDigits(joules / (1.2e9 * 4) * 1e12, "16");
        assertThat(Energy.batteryTokens(19.25, 0.06, joules)).isEqualTo(54_000, Offset.offset(1e-6));
        double predicted = Energy.movedJoules(0.6e9, Energy.LPDDR5_JOULES_PER_BIT);
        Published.show("S25 Ultra, 1.2B in 4 bits, J per token at 7 pJ/bit", predicted, joules);
    }

    @Test
    void sustainedPowerHoldsTheThrottlingTemperature() {
        double watts = PHONE.sustainedWatts();
        assertThat(watts).isEqualTo(4.25);
        assertThat(PHONE.settledCelsius(watts)).isEqualTo(42);
        assertThat(PHONE.secondsToThrottle(25, watts)).isInfinite();
        assertThat(PHONE.secondsToThrottle(43, 1)).isZero();
        assertThat(PHONE.celsiusAfter(25, 8, PHONE.secondsToThrottle(25, 8))).isEqualTo(42, exactly());
    }

    @Test
    void sustainedShareScalesThePowerAboveIdle() {
        assertThat(PHONE.sustainedShare(8, 0.5)).isEqualTo(3.75 / 7.5, exactly());
        assertThat(PHONE.sustainedShare(4, 0.5)).isEqualTo(1);
        assertThat(new Heat(41, 200, 4, 42).sustainedShare(8, 0.5)).isZero();
        assertThat(PHONE.meanShare(25, 8, 0.5, 1)).isEqualTo(1);
        assertThat(PHONE.meanShare(25, 8, 0.5, 1e9)).isEqualTo(0.5, Offset.offset(1e-6));
    }

    @Test
    void closedFormIsWhatSmallStepsGive() {
        double celsius = 25;
        double full = 0;
        double step = 0.01;
        for (double time = 0; time < 2000; time += step) {
            boolean throttled = celsius >= 42;
            double watts = throttled ? PHONE.sustainedWatts() : 8;
            full += throttled ? 0 : step;
            celsius += step * (watts - (celsius - 25) / 4) / 200;
        }
        assertThat(PHONE.secondsToThrottle(25, 8)).isEqualTo(full, Offset.offset(0.1));
        assertThat(PHONE.meanShare(25, 8, 0.5, 2000)).isEqualTo((full + (2000 - full) * 0.5) / 2000, Offset.offset(1e-3));
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> new Heat(50, 200, 4, 42)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("throttling at 42.0 °C is no warmer than the air at 50.0 °C");
        assertThatThrownBy(() -> PHONE.sustainedShare(1, 2)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("full power 1.0 W is not above idle power 2.0 W");
        assertThatThrownBy(() -> Energy.batteryTokens(19, 2, 0.1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("share of the battery is 2, expected 0 to 1");
    }
}
