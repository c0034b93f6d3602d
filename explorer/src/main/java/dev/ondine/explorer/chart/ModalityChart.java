package dev.ondine.explorer.chart;

import dev.ondine.explorer.chart.Chart.Axis;
import dev.ondine.explorer.chart.Chart.Point;
import dev.ondine.explorer.chart.Chart.ReferenceLine;
import dev.ondine.explorer.chart.Chart.Series;
import dev.ondine.explorer.chart.Chart.Style;
import dev.ondine.roofline.catalogue.Catalogue;
import dev.ondine.roofline.cost.Demand;
import dev.ondine.roofline.cost.Efficiency;
import dev.ondine.roofline.cost.RooflineModel;
import dev.ondine.roofline.cost.Step;
import dev.ondine.roofline.cost.StepTime;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.device.Trust;
import dev.ondine.roofline.formula.ModalTokens;
import dev.ondine.roofline.formula.ReadingSpeed;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.StoredFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How many tokens a second each modality makes, and how many devices take in and give. */
final class ModalityChart {

    private static final long SEVEN_BILLION = 7_000_000_000L;
    private static final int PROMPT = 512;

    private record Flow(String name, double tokensPerSecond) {
    }

    private ModalityChart() {
    }

    static Chart of(Catalogue catalogue, ChartSettings settings) {
        List<Flow> flows = flows(settings);
        Axis names = Axis.categories("what flows", flows.stream().map(Flow::name).toList());
        Series tokens = new Series("tokens per second", Style.BARS, IntStream.range(0, flows.size())
                .mapToObj(place -> Point.of(place, flows.get(place).tokensPerSecond())).toList());
        return new Chart("modalities", "Tokens by modality, and what devices take in and give", "Images and clips: one a second", names,
                Axis.log("tokens", "tok/s"), List.of(tokens), rates(catalogue, settings), List.of(
                        "Lines: 7 billion parameters, %s bits, %s %% of the bandwidth; prompts of %d tokens at a typical share of the peak."
                                .formatted(Digits.brief(settings.bits()), Digits.brief(100 * settings.mbu()), PROMPT),
                        "What a sensor makes has to be read as a prompt; what a model says or does has to be decoded."),
                Stream.concat(ModalTokens.published().stream().map(ModalTokens::source), Stream.of("the catalogue of devices")).distinct()
                        .toList());
    }

    private static List<Flow> flows(ChartSettings settings) {
        List<Flow> flows = new ArrayList<>();
        for (ReadingSpeed speed : List.of(ReadingSpeed.ALOUD, ReadingSpeed.SILENT, ReadingSpeed.SKIMMING)) {
            flows.add(new Flow("text: " + speed.activity(), speed.tokensPerSecond(settings.tokensPerWord())));
        }
        ModalTokens.published().forEach(way -> flows.add(new Flow(way.name(), way.tokensPerSecond(1))));
        return flows;
    }

    private static List<ReferenceLine> rates(Catalogue catalogue, ChartSettings settings) {
        ModelShape shape = ModelShape.ofParameters("7B", SEVEN_BILLION);
        Precision precision = new Precision.Uniform(StoredFormat.ofBits(settings.bits()));
        List<ReferenceLine> lines = new ArrayList<>();
        for (Device device : settings.devices().stream().map(catalogue::device).toList()) {
            Efficiency efficiency = Efficiency.typical(device, shape).withMemory(settings.mbu());
            add(lines, device.name() + " decodes", 1, device, efficiency, Demand.of(shape, precision, StoredFormat.F16, Step.decode(1, 0)));
            add(lines, device.name() + " reads" + doubt(device), PROMPT, device, efficiency,
                    Demand.of(shape, precision, StoredFormat.F16, Step.prefill(PROMPT, 0, true)));
        }
        return lines;
    }

    private static String doubt(Device device) {
        return device.figure(Spec.INT8_PEAK).trust() == Trust.RUMOURED ? " (rumoured peak)" : "";
    }

    /** A device without a known peak has no time for a prompt. */
    private static void add(List<ReferenceLine> lines, String name, int tokens, Device device, Efficiency efficiency, Demand demand) {
        StepTime time = new RooflineModel(device, efficiency).time(demand);
        if (!Double.isNaN(time.seconds())) {
            lines.add(new ReferenceLine(name, tokens / time.seconds()));
        }
    }
}
