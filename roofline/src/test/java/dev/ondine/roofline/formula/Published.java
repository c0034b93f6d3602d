package dev.ondine.roofline.formula;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.assertj.core.data.Offset;

/** A number as a paper prints it. */
final class Published {

    private Published() {
    }

    /** Rounds the computed number as far as the printed one and expects the same digits. */
    static void assertDigits(double computed, String printed) {
        BigDecimal wanted = new BigDecimal(printed);
        assertThat(new BigDecimal(computed).setScale(wanted.scale(), RoundingMode.HALF_UP)).as("%s, printed as %s", computed, printed)
                .isEqualByComparingTo(wanted);
    }

    /** Prints how far reality is from a formula that leaves things out. */
    static void show(String what, double predicted, double measured) {
        System.out.printf("%-60s predicted %9.4g  published %9.4g  error %+6.1f %%%n", what, predicted, measured,
                100 * (predicted / measured - 1));
    }

    static Offset<Double> exactly() {
        return Offset.offset(1e-9);
    }
}
