package dev.ondine.explorer.chart;

import dev.ondine.explorer.chart.Chart.Axis;
import dev.ondine.explorer.chart.Chart.Point;
import dev.ondine.explorer.chart.Chart.Series;
import dev.ondine.explorer.chart.Chart.Style;
import dev.ondine.explorer.chart.ChartSettings.Link;
import dev.ondine.roofline.formula.LinkedSpeculation;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** What device and cloud reach together, by the time between them. */
final class DeviceCloudChart {

    private static final int STEPS = 30;
    private static final int LONGEST_DRAFT = 64;
    private static final double MILLIS = 1e3;

    private DeviceCloudChart() {
    }

    static Chart of(ChartSettings settings) {
        Link link = settings.link();
        int fixed = link.draftTokens();
        List<Series> series = List.of(
                line("device alone", link, roundTrip -> 1 / link.deviceTokenSeconds()),
                line("cloud alone, streamed", link, roundTrip -> 1 / link.cloudTokenSeconds()),
                line("draft here, check there, γ " + fixed, link, roundTrip -> at(link, roundTrip).tokensPerSecond(fixed)),
                line("the same, device drafts on meanwhile", link, roundTrip -> at(link, roundTrip).overlappedTokensPerSecond(fixed)),
                line("draft here, check there, best γ", link, roundTrip -> best(at(link, roundTrip))));
        double tokens = at(link, 0).cloudTokensPerPass(fixed);
        return new Chart("device-cloud", "Device and cloud together, by round-trip time",
                "α %s, %s ms a drafted token, %s ms a pass of the cloud".formatted(Digits.brief(link.acceptance()),
                        Digits.brief(link.draftSeconds() * MILLIS), Digits.brief(link.cloudTokenSeconds() * MILLIS)),
                Axis.linear("round trip", "ms"), Axis.linear("rate", "tok/s"), series, ReaderLines.at(settings.tokensPerWord()),
                List.of("One pass of the cloud gives %s tokens instead of 1: drafting saves passes of the cloud rather than time."
                                .formatted(Digits.brief(tokens)),
                        "Device alone: the largest model that it holds, which may answer less well. Cloud alone: the round trip delays "
                                + "the first token only. Rate of a round = E / (γ t_draft + RTT + t_check). "
                                + ReaderLines.note(settings.tokensPerWord())),
                List.of("Leviathan et al. 2023, arXiv:2211.17192", "Speculation at a Distance, arXiv:2606.25091"));
    }

    private static LinkedSpeculation at(Link link, double roundTrip) {
        return new LinkedSpeculation(link.acceptance(), link.draftSeconds(), roundTrip, link.cloudTokenSeconds());
    }

    private static double best(LinkedSpeculation speculation) {
        return speculation.tokensPerSecond(speculation.bestDraft(LONGEST_DRAFT));
    }

    private static Series line(String name, Link link, DoubleUnaryOperator rate) {
        return new Series(name, Style.LINE, IntStream.rangeClosed(0, STEPS).mapToDouble(step -> link.longestRoundTrip() * step / STEPS)
                .mapToObj(roundTrip -> Point.of(roundTrip * MILLIS, rate.applyAsDouble(roundTrip))).toList());
    }
}
