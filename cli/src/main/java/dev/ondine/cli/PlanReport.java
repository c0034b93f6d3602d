package dev.ondine.cli;

import dev.ondine.roofline.cost.Bound;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Figure;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.formula.ReadingSpeed;
import dev.ondine.roofline.plan.CloudRates;
import dev.ondine.roofline.plan.EnergyAssumptions;
import dev.ondine.roofline.plan.Footprint;
import dev.ondine.roofline.plan.Plan;
import dev.ondine.roofline.plan.PlanRequest;
import dev.ondine.roofline.plan.Rate;
import dev.ondine.roofline.solve.Improvement;
import dev.ondine.roofline.solve.Improvements;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A plan for people, and the same as JSON.
 *
 * @param tokensPerWord of the language that is read
 */
record PlanReport(Plan plan, double tokensPerWord) {

    private static final List<ReadingSpeed> READERS = List.of(ReadingSpeed.SILENT, ReadingSpeed.NORMAL, ReadingSpeed.SKIMMING);
    private static final int SHOWN_IMPROVEMENTS = 3;
    private static final String UNKNOWN = "unknown";

    List<String> screen() {
        PlanRequest request = plan.request();
        List<String> lines = new ArrayList<>();
        lines.add("%s, %s parameters, %s, on %s".formatted(request.shape().name(), Display.parameters(request.shape().parameters()),
                request.precision().name(), request.device().name()));
        lines.add("");
        lines.add(line("memory", memory()));
        lines.add(line("decode", "%s%s".formatted(rate(plan.decode()), request.workload().batch() == 1 ? ""
                : " each, %s together".formatted(tokens(plan.totalTokensPerSecond())))));
        if (plan.decode() != plan.plainDecode()) {
            lines.add(line("  undrafted", rate(plan.plainDecode())));
        }
        lines.add(line("prefill", rate(plan.prefill())));
        lines.add(line("first token", seconds(plan.ttftSeconds()) + " after a prompt of %d tokens".formatted(request.workload().promptTokens())));
        lines.add(line("energy", "%s a token, %s W while it decodes".formatted(joules(plan.joulesPerToken()), digits(plan.watts()))));
        plan.cloud().ifPresent(cloud -> addCloud(lines, cloud));
        READERS.forEach(reader -> lines.add(line(reader == READERS.getFirst() ? "reader" : "", beside(reader))));
        List<Improvement> best = Improvements.best(plan, SHOWN_IMPROVEMENTS);
        best.forEach(improvement -> lines.add(line(improvement == best.getFirst() ? "would help" : "", improvement.words())));
        lines.add(line("figures", figuresInWords()));
        lines.add(line("assumed", assumptionsInWords()));
        return lines;
    }

    private static String line(String name, String value) {
        return "%-12s %s".formatted(name, value);
    }

    private String memory() {
        Footprint footprint = plan.footprint();
        String total = "%s = weights %s + cache %s for %d tokens".formatted(gigabytes(footprint.totalBytes()), gigabytes(footprint.weightBytes()),
                gigabytes(footprint.kvBytes()), plan.request().workload().contextTokens() * plan.request().workload().batch());
        if (!footprint.isDecided()) {
            return total + "; the device's memory is unknown";
        }
        return "%s; %s %s".formatted(total, footprint.fits() ? "fits" : "DOES NOT FIT", gigabytes(footprint.capacityBytes()));
    }

    private String rate(Rate rate) {
        return rate.isKnown() ? "%s, bound by %s".formatted(tokens(rate.tokensPerSecond()), bound(rate.bound()))
                : UNKNOWN + (plan.footprint().fits() ? ": nobody has published the device's peak; --int8 gives one"
                : ": the model does not fit, and no flash speed is known; --flash gives one");
    }

    private static String bound(Bound bound) {
        return bound.name().toLowerCase(Locale.ROOT);
    }

    private void addCloud(List<String> lines, CloudRates cloud) {
        String where = plan.request().cloud().orElseThrow().device().name();
        lines.add(line("cloud", "%s from %s, first token %s".formatted(tokens(cloud.tokensPerSecond()), where, seconds(cloud.ttftSeconds()))));
        if (!Double.isNaN(cloud.togetherTokensPerSecond())) {
            lines.add(line("  together", "%s drafted here and checked there, with %s of the cloud's passes".formatted(
                    tokens(cloud.togetherTokensPerSecond()), percent(cloud.passesPerToken()))));
        }
    }

    private String beside(ReadingSpeed reader) {
        double needed = reader.tokensPerSecond(tokensPerWord);
        String need = "%s at %.0f words a minute takes %.1f tokens/s".formatted(reader.activity(), reader.wordsPerMinute(), needed);
        return plan.decode().isKnown() ? "%s: %.1f times as fast".formatted(need, plan.decode().tokensPerSecond() / needed) : need;
    }

    /** What the speed rests on, and how far each can be trusted. */
    private String figuresInWords() {
        Device device = plan.request().device();
        return "%s, %s, %s".formatted(figure(device.figure(Spec.MEMORY_BANDWIDTH), 1e9, "GB/s of memory"),
                figure(device.figure(Spec.MEMORY_CAPACITY), 1e9, "GB of memory"),
                device.knows(Spec.INT8_PEAK) || !device.knows(Spec.FP16_PEAK) ? figure(device.figure(Spec.INT8_PEAK), 1e12, "TOPS of int8")
                        : figure(device.figure(Spec.FP16_PEAK), 1e12, "TFLOPS of fp16"));
    }

    private static String figure(Figure figure, double unit, String words) {
        return figure.isKnown() ? "%s %s (%s)".formatted(digits(figure.value() / unit), words, figure.trust().name().toLowerCase(Locale.ROOT))
                : "unknown " + words;
    }

    private String assumptionsInWords() {
        PlanRequest request = plan.request();
        if (request.device().kernels().isPresent()) {
            return "nothing of the speed: it follows from this machine's calibration; %s pJ a bit".formatted(
                    digits(EnergyAssumptions.of(request.device()).joulesPerBit() * 1e12));
        }
        return "%s of the bandwidth, %s of the peak are reached; %s pJ a bit".formatted(percent(request.efficiency().memory()),
                percent(request.efficiency().compute()), digits(EnergyAssumptions.of(request.device()).joulesPerBit() * 1e12));
    }

    private static String tokens(double perSecond) {
        return digits(perSecond) + " tokens/s";
    }

    private static String seconds(double seconds) {
        return Double.isNaN(seconds) ? UNKNOWN : seconds < 1 ? digits(seconds * 1000) + " ms" : digits(seconds) + " s";
    }

    private static String joules(double joules) {
        return Double.isNaN(joules) ? UNKNOWN : joules < 0.1 ? digits(joules * 1000) + " mJ" : digits(joules) + " J";
    }

    private static String gigabytes(double bytes) {
        return digits(bytes / 1e9) + " GB";
    }

    private static String percent(double share) {
        return "%.0f %%".formatted(100 * share);
    }

    private static String digits(double value) {
        return Double.isNaN(value) ? UNKNOWN : (value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f").formatted(value);
    }

    Map<String, Object> json() {
        PlanRequest request = plan.request();
        Footprint footprint = plan.footprint();
        Map<String, Object> json = Json.object("model", request.shape().name(), "device", request.device().id(), "format", request.precision().name(),
                "fits", footprint.isDecided() ? footprint.fits() : null,
                "bytes", Json.object("weights", footprint.weightBytes(), "kv", footprint.kvBytes(), "total", footprint.totalBytes(),
                        "capacity", number(footprint.capacityBytes())),
                "prefill", rateJson(plan.prefill()), "decode", decodeJson(), "ttft_ms", number(1000 * plan.ttftSeconds()),
                "joules_per_token", number(plan.joulesPerToken()), "watts", number(plan.watts()));
        plan.cloud().ifPresent(cloud -> json.put("cloud", Json.object("device", request.cloud().orElseThrow().device().id(),
                "tokens_per_second", number(cloud.tokensPerSecond()), "ttft_ms", number(1000 * cloud.ttftSeconds()),
                "together_tokens_per_second", number(cloud.togetherTokensPerSecond()), "passes_per_token", number(cloud.passesPerToken()))));
        json.put("readers", READERS.stream().map(this::readerJson).toList());
        json.put("improvements", Improvements.best(plan, SHOWN_IMPROVEMENTS).stream().map(improvement -> Json.object("change", improvement.change(),
                "remark", improvement.remark(), "gain", number(improvement.gain()), "now_fits", improvement.nowFits())).toList());
        json.put("assumptions", assumptions());
        return json;
    }

    private Map<String, Object> decodeJson() {
        Map<String, Object> json = rateJson(plan.decode());
        json.put("total_tokens_per_second", number(plan.totalTokensPerSecond()));
        json.put("bytes_per_token", plan.bytesPerToken());
        json.put("plain_tokens_per_second", number(plan.plainDecode().tokensPerSecond()));
        return json;
    }

    private static Map<String, Object> rateJson(Rate rate) {
        return Json.object("tokens_per_second", number(rate.tokensPerSecond()), "bound", bound(rate.bound()));
    }

    private Map<String, Object> readerJson(ReadingSpeed reader) {
        double needed = reader.tokensPerSecond(tokensPerWord);
        return Json.object("words_per_minute", reader.wordsPerMinute(), "tokens_per_second", needed,
                "times_as_fast", number(plan.decode().tokensPerSecond() / needed));
    }

    private Map<String, Object> assumptions() {
        PlanRequest request = plan.request();
        EnergyAssumptions energy = EnergyAssumptions.of(request.device());
        boolean measured = request.device().kernels().isPresent();
        Map<String, Object> json = Json.object("mbu", measured ? null : request.efficiency().memory(),
                "mfu", measured ? null : request.efficiency().compute(), "calibrated", measured, "kv_format", request.kvFormat().name(),
                "context", request.workload().contextTokens(), "prompt", request.workload().promptTokens(), "batch", request.workload().batch(),
                "tokens_per_word", tokensPerWord, "joules_per_bit", energy.joulesPerBit(), "joules_per_mac", energy.joulesPerMac(),
                "idle_watts", energy.idleWatts());
        request.drafting().ifPresent(drafting -> json.put("drafting", Json.object("model", drafting.shape().name(),
                "drafted", drafting.draftTokens(), "acceptance", drafting.acceptance())));
        request.cloud().ifPresent(cloud -> json.put("rtt_ms", 1000 * cloud.roundTripSeconds()));
        json.put("figures", figures(request.device()));
        return json;
    }

    private static Map<String, Object> figures(Device device) {
        Map<String, Object> figures = new LinkedHashMap<>();
        for (Spec spec : Spec.values()) {
            Figure figure = device.figure(spec);
            if (device.figures().containsKey(spec)) {
                figures.put(spec.key(), Json.object("value", number(figure.value()), "trust", figure.trust().name().toLowerCase(Locale.ROOT),
                        "source", figure.source()));
            }
        }
        return figures;
    }

    /** JSON has no number for what is unknown. */
    private static Double number(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
