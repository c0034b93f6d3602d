package dev.ondine.explorer.chart;

import dev.ondine.explorer.chart.Chart.Axis;
import dev.ondine.explorer.chart.Chart.Point;
import dev.ondine.explorer.chart.Chart.Series;
import dev.ondine.explorer.chart.Chart.Style;
import dev.ondine.roofline.catalogue.Catalogue;
import dev.ondine.roofline.formula.BandwidthUtilisation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/** Token speed under the memory bandwidth limit: each token reads all weights once. */
final class TokenSpeedCharts {

    private static final double GIGA = 1e9;
    private static final double PERCENT = 0.01;

    /** The model of the lines of utilisation. */
    private static final double SEVEN_BILLION = 7e9;

    private static final double FASTEST_DEVICE = 1e12;

    private TokenSpeedCharts() {
    }

    /** Tokens per second against model size, one line a bandwidth. @param bits of a weight */
    static Chart bySize(String id, String format, double bits, ChartSettings settings) {
        List<Series> series = settings.bandwidths().stream().map(bandwidth -> new Series(shown(bandwidth), Style.LINE,
                settings.parameters().stream()
                        .map(count -> Point.of(count / GIGA, rate(settings.mbu(), count, bits, bandwidth))).toList())).toList();
        return new Chart(id, "Token speed under the memory bandwidth limit, " + format,
                "One sequence, weights alone, %s of the bandwidth".formatted(percent(settings.mbu())),
                Axis.log("parameters", "billion"), Axis.log("decode rate", "tok/s"), series, ReaderLines.at(settings.tokensPerWord()),
                List.of("tok/s = MBU x bandwidth / bytes of the weights. " + ReaderLines.note(settings.tokensPerWord())),
                sources());
    }

    /** Tokens per second against the share of the bandwidth that is reached, with published measurements. */
    static Chart byUtilisation(Catalogue catalogue, ChartSettings settings) {
        List<Series> series = new ArrayList<>();
        for (double bandwidth : settings.bandwidths()) {
            if (bandwidth <= FASTEST_DEVICE) {
                series.add(new Series("7B, %s bits, %s".formatted(Digits.brief(settings.bits()), shown(bandwidth)), Style.LINE,
                        DoubleStream.iterate(10, share -> share <= 100, share -> share + 10)
                                .mapToObj(share -> Point.of(share, rate(share * PERCENT, SEVEN_BILLION, settings.bits(), bandwidth)))
                                .toList()));
            }
        }
        series.add(new Series("published", Style.POINTS, PublishedRate.ALL.stream().map(rate -> new Point(
                rate.utilisation(catalogue) / PERCENT, rate.tokensPerSecond(), rate.label(), rate.isClaim())).toList()));
        return new Chart("mbu", "Bandwidth utilisation",
                "Model bandwidth utilisation = bytes that a token reads x tokens per second / bandwidth",
                Axis.linear("MBU", "%"), Axis.log("decode rate", "tok/s"), series, ReaderLines.at(settings.tokensPerWord()),
                List.of("MBU of published rates is computed from the model's shape and format, cache left out. "
                        + ReaderLines.note(settings.tokensPerWord())),
                PublishedRate.sources());
    }

    private static double rate(double mbu, double parameters, double bits, double bytesPerSecond) {
        return BandwidthUtilisation.tokensPerSecond(mbu, parameters * bits / 8, 0, bytesPerSecond);
    }

    private static List<String> sources() {
        List<String> sources = new ArrayList<>(List.of("Databricks, LLM Inference Performance Engineering"));
        sources.addAll(ReaderLines.SOURCES);
        return sources;
    }

    private static String shown(double bytesPerSecond) {
        return Digits.brief(bytesPerSecond / GIGA) + " GB/s";
    }

    private static String percent(double share) {
        return Digits.brief(share / PERCENT) + " %";
    }
}
