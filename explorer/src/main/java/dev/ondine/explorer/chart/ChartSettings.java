package dev.ondine.explorer.chart;

import dev.ondine.roofline.formula.ReadingSpeed;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * What the charts assume, all of it for the reader to change.
 *
 * @param bandwidths    of the lines of token speed, in bytes per second
 * @param parameters    of the models along them
 * @param models        ids of the catalogue whose sizes are compared
 * @param formats       that their weights are stored in
 * @param devices       ids of the catalogue whose speed is compared with what modalities ask for
 * @param mbu           share of the bandwidth that is reached; 1 is the ideal
 * @param bits          of a weight, where a chart has one format
 * @param tokensPerWord of the lines for readers
 * @param phoneBytes    that a phone can spare for weights
 * @param drafts        of speculative decoding
 * @param link          between device and cloud
 */
public record ChartSettings(List<Double> bandwidths, List<Double> parameters, List<String> models, List<String> formats,
        List<String> devices, double mbu, double bits, double tokensPerWord, double phoneBytes, Drafts drafts, Link link) {

    private static final double GIGA = 1e9;

    /**
     * Speculative decoding with a draft model.
     *
     * @param acceptances   shares of drafted tokens that are accepted
     * @param costs         of a drafted token in passes of the large model
     * @param longest       draft, in tokens
     */
    public record Drafts(List<Double> acceptances, List<Double> costs, int longest) {

        public Drafts {
            acceptances = List.copyOf(acceptances);
            costs = List.copyOf(costs);
            require("longest draft", longest, 1, 1000);
            acceptances.forEach(share -> require("acceptance", share, 0, 1));
            costs.forEach(cost -> require("cost of a drafted token", cost, 0, 10));
        }
    }

    /**
     * A device that drafts and a cloud that checks.
     *
     * @param acceptance         share of drafted tokens that are accepted
     * @param draftTokens        of a round
     * @param draftSeconds       for a token of the draft model on the device
     * @param deviceTokenSeconds for a token of the best model that the device holds, when it answers alone
     * @param cloudTokenSeconds  for a token of the cloud's model, which also checks a draft in that time
     * @param longestRoundTrip   in seconds
     */
    public record Link(double acceptance, int draftTokens, double draftSeconds, double deviceTokenSeconds, double cloudTokenSeconds,
            double longestRoundTrip) {

        public Link {
            require("acceptance", acceptance, 0, 1);
            require("tokens of a draft", draftTokens, 1, 1000);
            require("longest round trip", longestRoundTrip, 1e-3, 1000);
            DoubleStream.of(draftSeconds, deviceTokenSeconds, cloudTokenSeconds)
                    .forEach(time -> require("seconds of a token", time, 1e-9, 1000));
        }
    }

    public ChartSettings {
        bandwidths = List.copyOf(bandwidths);
        parameters = List.copyOf(parameters);
        models = List.copyOf(models);
        formats = List.copyOf(formats);
        devices = List.copyOf(devices);
        bandwidths.forEach(bandwidth -> require("bandwidth", bandwidth, 1e6, 1e15));
        parameters.forEach(count -> require("parameters", count, 1, 1e15));
        require("mbu", mbu, 0.001, 1);
        require("bits of a weight", bits, 0.1, 64);
        require("tokens per word", tokensPerWord, 0.1, 20);
        require("memory of a phone", phoneBytes, 1e6, 1e12);
    }

    /** What the deck's charts show: an ideal machine, INT4 where a chart has one format, two tokens a word. */
    public static ChartSettings usual() {
        return new ChartSettings(scaled(51.2, 68.3, 76.8, 84.8, 120, 400, 3350), scaled(1, 1.8, 2.7, 3.25, 7, 13, 33, 70, 175),
                List.of("llama-3.2-1b", "llama-3.2-3b", "llama-2-7b", "llama-2-13b", "mixtral-8x7b", "llama-2-70b"),
                List.of("FP32", "FP16", "INT8", "Q8_0", "Q6_K", "Q4_0", "MXFP4", "INT4", "Q2_K"),
                List.of("dimensity-9300", "jetson-agx-orin", "h100"), 1, 4, ReadingSpeed.GENEROUS_TOKENS_PER_WORD, 6 * GIGA,
                new Drafts(List.of(0.6, 0.7, 0.8, 0.9), List.of(0.02, 0.1), 12),
                // A 7-billion model in INT4 at 76.8 GB/s when the device is alone; a cloud of 33 tokens per second.
                new Link(0.8, 5, 0.010, 7 * GIGA / 2 / (76.8 * GIGA), 0.030, 0.3));
    }

    private static List<Double> scaled(double... billions) {
        return DoubleStream.of(billions).mapToObj(value -> value * GIGA).toList();
    }

    private static void require(String what, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException("%s is %s, expected %s to %s".formatted(what, value, least, most));
        }
    }

    public ChartSettings withBandwidths(List<Double> changed) {
        return new ChartSettings(changed, parameters, models, formats, devices, mbu, bits, tokensPerWord, phoneBytes, drafts, link);
    }

    public ChartSettings withParameters(List<Double> changed) {
        return new ChartSettings(bandwidths, changed, models, formats, devices, mbu, bits, tokensPerWord, phoneBytes, drafts, link);
    }

    public ChartSettings withModels(List<String> changed) {
        return new ChartSettings(bandwidths, parameters, changed, formats, devices, mbu, bits, tokensPerWord, phoneBytes, drafts, link);
    }

    public ChartSettings withFormats(List<String> changed) {
        return new ChartSettings(bandwidths, parameters, models, changed, devices, mbu, bits, tokensPerWord, phoneBytes, drafts, link);
    }

    public ChartSettings withDevices(List<String> changed) {
        return new ChartSettings(bandwidths, parameters, models, formats, changed, mbu, bits, tokensPerWord, phoneBytes, drafts, link);
    }

    public ChartSettings withMbu(double changed) {
        return new ChartSettings(bandwidths, parameters, models, formats, devices, changed, bits, tokensPerWord, phoneBytes, drafts, link);
    }

    public ChartSettings withBits(double changed) {
        return new ChartSettings(bandwidths, parameters, models, formats, devices, mbu, changed, tokensPerWord, phoneBytes, drafts, link);
    }

    public ChartSettings withTokensPerWord(double changed) {
        return new ChartSettings(bandwidths, parameters, models, formats, devices, mbu, bits, changed, phoneBytes, drafts, link);
    }

    public ChartSettings withPhoneBytes(double changed) {
        return new ChartSettings(bandwidths, parameters, models, formats, devices, mbu, bits, tokensPerWord, changed, drafts, link);
    }

    public ChartSettings with(Drafts changed) {
        return new ChartSettings(bandwidths, parameters, models, formats, devices, mbu, bits, tokensPerWord, phoneBytes, changed, link);
    }

    public ChartSettings with(Link changed) {
        return new ChartSettings(bandwidths, parameters, models, formats, devices, mbu, bits, tokensPerWord, phoneBytes, drafts, changed);
    }
}
