package dev.ondine.explorer.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.explorer.chart.Chart.Axis;
import dev.ondine.explorer.chart.Chart.Point;
import dev.ondine.explorer.chart.Chart.ReferenceLine;
import dev.ondine.explorer.chart.Chart.Series;
import dev.ondine.explorer.chart.Chart.Style;
import dev.ondine.roofline.catalogue.Catalogue;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every chart in every form. */
final class DrawnChartsTest {

    private static final int WHITE = 0xFFFFFFFF;
    private static final Catalogue CATALOGUE = Catalogue.builtIn();

    static List<Chart> charts() {
        return Charts.names().stream().map(name -> Charts.named(name, CATALOGUE, ChartSettings.usual())).toList();
    }

    @ParameterizedTest
    @MethodSource("charts")
    void terminalKeepsTheWidthAndNamesEverything(Chart chart) {
        for (int width : new int[] {TerminalChart.LEAST_WIDTH, 80, TerminalChart.USUAL_WIDTH, 160}) {
            String drawn = TerminalChart.draw(chart, width);
            assertThat(drawn.lines()).allMatch(line -> line.length() <= width);
            assertThat(TerminalTable.draw(chart.table(), width).lines()).allMatch(line -> line.length() <= width);
        }
        String drawn = TerminalChart.draw(chart, TerminalChart.USUAL_WIDTH);
        assertThat(drawn).startsWith(chart.title()).contains(chart.y().heading());
        if (chart.series().size() > 1) {
            assertThat(drawn).contains(chart.series().stream().map(Series::name).toList());
        }
        assertThat(chart.references()).allSatisfy(line -> assertThat(drawn).contains(line.label() + " ="));
    }

    @ParameterizedTest
    @MethodSource("charts")
    void csvReadsBackAsTheTable(Chart chart) {
        Table table = chart.table();
        List<List<String>> read = parsed(CsvTable.write(table));
        assertThat(read.getFirst()).isEqualTo(table.columns());
        assertThat(read.subList(1, read.size()))
                .isEqualTo(table.rows().stream().map(row -> row.stream().map(Table.Cell::exact).toList()).toList());
        for (int row = 0; row < table.rows().size(); row++) {
            for (int column = 0; column < table.columns().size(); column++) {
                if (table.rows().get(row).get(column) instanceof Table.Amount(double value)) {
                    assertThat(Double.parseDouble(read.get(row + 1).get(column))).isEqualTo(value);
                }
            }
        }
    }

    /** A reader of RFC 4180, character by character. */
    private static List<List<String>> parsed(String text) {
        List<List<String>> lines = new ArrayList<>(List.of(new ArrayList<>()));
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character == '"') {
                if (quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    field.append(text.charAt(++i));
                } else {
                    quoted = !quoted;
                }
            } else if (!quoted && (character == ',' || character == '\r')) {
                lines.getLast().add(field.toString());
                field.setLength(0);
            } else if (!quoted && character == '\n') {
                lines.add(new ArrayList<>());
            } else {
                field.append(character);
            }
        }
        return lines.subList(0, lines.size() - 1);
    }

    @Test
    void csvQuotesWhatItHasTo() {
        Table table = new Table("t", List.of("a,b", "plain"), List.of(List.of(new Table.Words("say \"x\"\r\ny"), new Table.Amount(0.1))));
        assertThat(CsvTable.write(table)).isEqualTo("\"a,b\",plain\r\n\"say \"\"x\"\"\r\ny\",0.1\r\n");
    }

    @ParameterizedTest
    @MethodSource("charts")
    void jsonHoldsEveryPoint(Chart chart) {
        JsonNode json = JsonMapper.shared().readTree(ChartJson.write(chart));
        assertThat(json.get("id").asString()).isEqualTo(chart.id());
        assertThat(json.get("y").get("scale").asString()).isIn("linear", "log");
        for (int i = 0; i < chart.series().size(); i++) {
            Series series = chart.series().get(i);
            JsonNode node = json.get("series").get(i);
            assertThat(node.get("name").asString()).isEqualTo(series.name());
            assertThat(node.get("points").size()).isEqualTo(series.points().size());
            assertThat(node.get("points").get(0).get("y").asDouble()).isEqualTo(series.points().getFirst().y());
        }
    }

    @ParameterizedTest
    @MethodSource("charts")
    void svgIsWellFormedAndLabelled(Chart chart) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        Document document = factory.newDocumentBuilder().parse(new InputSource(new StringReader(ChartImage.svg(chart))));
        String text = document.getDocumentElement().getTextContent();
        assertThat(text).contains(chart.title(), chart.x().heading(), chart.y().heading());
        assertThat(chart.references()).extracting(ReferenceLine::label).allMatch(text::contains);
        if (chart.series().size() > 1) {
            assertThat(chart.series()).extracting(Series::name).allMatch(text::contains);
        }
        if (!chart.isCrowded() && !chart.hasBars()) {
            assertThat(chart.points()).extracting(Point::label).allMatch(text::contains);
        }
    }

    @ParameterizedTest
    @MethodSource("charts")
    void pngShowsSomethingAndLeavesAMargin(Chart chart) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(ChartImage.png(chart)));
        int width = image.getWidth();
        int height = image.getHeight();
        int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
        assertThat(IntStream.of(pixels).filter(pixel -> pixel != WHITE).count()).isGreaterThan(pixels.length / 200);
        assertThat(IntStream.range(0, height).map(row -> pixels[row * width + width - 1])).as("right edge").containsOnly(WHITE);
        assertThat(IntStream.range(0, width).map(column -> pixels[(height - 1) * width + column])).as("lower edge").containsOnly(WHITE);
    }

    @Test
    void rumoursAreHollowInTheTerminalAndInTheTable() {
        Chart chart = new Chart("one", "One", "", Axis.linear("year", ""), Axis.log("size", "GB"), List.of(new Series("all", Style.POINTS,
                List.of(new Point(2020, 1, "told", true), new Point(2024, 100, "known", false)))), List.of(), List.of(), List.of());
        assertThat(TerminalChart.draw(chart, 80)).contains("○ told", "known ●", "Hollow: not confirmed.");
        assertThat(chart.table().rows()).extracting(row -> row.getLast().brief()).containsExactly("no", "yes");
    }

    @Test
    void higherValuesStandHigherInTheTerminal() {
        Chart chart = new Chart("rising", "Rising", "", Axis.linear("x", ""), Axis.linear("y", ""), List.of(new Series("s", Style.POINTS,
                List.of(new Point(0, 0, "low", false), new Point(10, 10, "high", false)))), List.of(), List.of(), List.of());
        List<String> lines = TerminalChart.draw(chart, 80).lines().toList();
        int high = IntStream.range(0, lines.size()).filter(i -> lines.get(i).contains("high")).findFirst().orElseThrow();
        int low = IntStream.range(0, lines.size()).filter(i -> lines.get(i).contains("low")).findFirst().orElseThrow();
        assertThat(high).isLessThan(low);
        assertThat(lines.get(high).indexOf("high")).isGreaterThan(lines.get(low).indexOf("low"));
    }

    @Test
    void barsAreAsLongAsTheirValues() {
        Chart chart = new Chart("bars", "Bars", "", Axis.categories("what", List.of("half", "whole")), Axis.linear("y", ""),
                List.of(new Series("s", Style.BARS, List.of(Point.of(0, 5), Point.of(1, 10)))), List.of(), List.of(), List.of());
        List<Long> lengths = TerminalChart.draw(chart, 100).lines().filter(line -> line.indexOf('█') >= 0)
                .map(line -> line.chars().filter(character -> character == '█').count()).toList();
        assertThat(lengths.get(0) * 2).isBetween(lengths.get(1) - 1, lengths.get(1) + 1);
    }

    @Test
    void impossibleChartsAreRefused() {
        Axis log = Axis.log("y", "");
        assertThatThrownBy(() -> new Chart("c", "C", "", log, log, List.of(new Series("s", Style.LINE, List.of(Point.of(1, 0)))), List.of(),
                List.of(), List.of())).hasMessage("y: 0.0 has no place on a LOG axis");
        assertThatThrownBy(() -> new Chart("c", "C", "", log, log, List.of(), List.of(), List.of(), List.of()))
                .hasMessageContaining("nothing to draw");
        assertThatThrownBy(() -> TerminalChart.draw(charts().getFirst(), 20)).hasMessage("a chart needs 50 columns, the terminal has 20");
    }
}
