package dev.ondine.explorer.chart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.knowm.xchart.ChartEncoder;

/** A chart as a picture. Needs no screen. */
public final class ChartImage {

    /** Pixels of a PNG per unit of length: sharp on today's screens and on paper. */
    private static final int SHARPNESS = 2;

    private ChartImage() {
    }

    /** An SVG document. Titles, labels and the legend are text; what stands at the axes is drawn. */
    public static String svg(Chart chart) {
        return new String(encoded(new ChartSheet(chart, 1), "svg"), StandardCharsets.UTF_8);
    }

    /** The bytes of a PNG file. */
    public static byte[] png(Chart chart) {
        return encoded(new ChartSheet(chart, SHARPNESS), "png");
    }

    private static byte[] encoded(ChartSheet sheet, String format) {
        try {
            return ChartEncoder.getBytes(sheet, format);
        } catch (IOException e) {
            throw new UncheckedIOException("could not encode a picture in memory", e);
        }
    }
}
