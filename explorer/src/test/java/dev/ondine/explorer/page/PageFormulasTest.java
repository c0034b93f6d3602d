package dev.ondine.explorer.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.roofline.catalogue.ModelCard;
import dev.ondine.roofline.cost.Demand;
import dev.ondine.roofline.cost.Efficiency;
import dev.ondine.roofline.cost.RooflineModel;
import dev.ondine.roofline.cost.Step;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.formula.ReadingSpeed;
import dev.ondine.roofline.formula.Speculation;
import dev.ondine.roofline.plan.CloudLink;
import dev.ondine.roofline.plan.CloudRates;
import dev.ondine.roofline.plan.Drafting;
import dev.ondine.roofline.plan.Plan;
import dev.ondine.roofline.plan.PlanRequest;
import dev.ondine.roofline.plan.Planner;
import dev.ondine.roofline.plan.Workload;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.StoredFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page's formulas beside the planner's. */
final class PageFormulasTest {

    private static final int STATES = 240;
    private static final int CHOICES = 60;
    private static final double TOLERANCE = 1e-9;
    private static final int CHUNK = 512;

    /** Of the page, in steps of the model. */
    private static final double MOST_DRAFT_COST = 10;

    private final JsonMapper json = new JsonMapper();
    private final RandomDesigns designs = new RandomDesigns(new Random(20261123));

    @TempDir
    Path folder;

    /** One device, one model, one use. */
    private record Design(PlanRequest request, double draftCost, double tokensPerWord) {
    }

    @Test
    void pageComputesWhatThePlannerComputes() throws Exception {
        Browser browser = Browser.installed(folder);
        List<Device> devices = new ArrayList<>();
        List<ModelCard> models = new ArrayList<>();
        List<Design> states = new ArrayList<>();
        for (int i = 0; i < CHOICES; i++) {
            devices.add(designs.device("d" + i));
            models.add(designs.card("m" + i));
        }
        for (int i = 0; i < STATES; i++) {
            states.add(design(devices.get(i % CHOICES), devices.get((i + 1) % CHOICES), models.get(i * 7 % CHOICES).shape()));
        }
        JsonNode results = json.readTree(browser.run(new WhatIfPage(devices, models).html(), "", script(states)));
        assertThat(results.get("complaints")).isEmpty();
        assertThat(results.get("value")).hasSize(STATES);
        int drafted = 0;
        for (int i = 0; i < STATES; i++) {
            drafted += compare(states.get(i), results.get("value").get(i)) ? 1 : 0;
        }
        assertThat(drafted).as("designs whose drafting could be compared").isGreaterThan(STATES / 4);
    }

    private Design design(Device device, Device cloud, ModelShape shape) {
        Precision precision = bits(2, 20);
        Workload workload = new Workload(designs.whole(1, 4000), designs.whole(1, 200_000), designs.whole(1, 64), CHUNK);
        Efficiency efficiency = new Efficiency(designs.whole(20, 100) / 100.0, designs.whole(20, 100) / 100.0);
        StoredFormat kv = StoredFormat.ofBits(designs.whole(4, 16));
        Drafting drafting = new Drafting(designs.model("draft"), precision, designs.whole(1, 16), designs.whole(1, 100) / 100.0);
        CloudLink link = new CloudLink(cloud, Efficiency.typical(cloud, shape), bits(4, 16), designs.whole(1, 1000) / 1000.0);
        PlanRequest request = new PlanRequest(shape, precision, kv, device, efficiency, workload, Optional.of(drafting), Optional.of(link));
        double draftCost = seconds(request, drafting.shape()) / seconds(request, shape);
        double tokensPerWord = designs.whole(100, 300) / 100.0;
        if (draftCost <= MOST_DRAFT_COST) {
            return new Design(request, draftCost, tokensPerWord);
        }
        // Where that cannot be entered, or is unknown, the model drafts for itself.
        return new Design(request.with(new Drafting(shape, precision, drafting.draftTokens(), drafting.acceptance())), 1, tokensPerWord);
    }

    private Precision bits(double least, double most) {
        return new Precision.Uniform(StoredFormat.ofBits(Math.rint(4 * designs.between(least, most)) / 4));
    }

    private static double seconds(PlanRequest request, ModelShape shape) {
        Step step = Step.decode(request.workload().batch(), request.workload().contextTokens());
        return new RooflineModel(request.device(), request.efficiency())
                .time(Demand.of(shape, request.precision(), request.kvFormat(), step)).seconds();
    }

    private String script(List<Design> states) {
        List<Map<String, Object>> settings = states.stream().map(PageFormulasTest::settings).toList();
        return "report(" + json.writeValueAsString(settings) + ".map(settings => { ondine.set(settings); return ondine.results(); }));";
    }

    /** In the units of the page. */
    private static Map<String, Object> settings(Design design) {
        PlanRequest request = design.request();
        CloudLink cloud = request.cloud().orElseThrow();
        Drafting drafting = request.drafting().orElseThrow();
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("device", request.device().id());
        settings.put("model", request.shape().name());
        settings.put("cloud", cloud.device().id());
        settings.put("mbu", 100 * request.efficiency().memory());
        settings.put("mfu", 100 * request.efficiency().compute());
        settings.put("bits", ((Precision.Uniform) request.precision()).format().bitsPerWeight());
        settings.put("kvbits", request.kvFormat().bitsPerWeight());
        settings.put("context", request.workload().contextTokens());
        settings.put("prompt", request.workload().promptTokens());
        settings.put("batch", request.workload().batch());
        settings.put("acceptance", drafting.acceptance());
        settings.put("draft", drafting.draftTokens());
        settings.put("cost", design.draftCost());
        settings.put("cloudbits", ((Precision.Uniform) cloud.precision()).format().bitsPerWeight());
        settings.put("rtt", 1000 * cloud.roundTripSeconds());
        settings.put("words", design.tokensPerWord());
        return settings;
    }

    /** Returns whether the design drafts on a device that holds both models. */
    private static boolean compare(Design design, JsonNode results) {
        PlanRequest request = design.request();
        Plan plain = Planner.plan(request.with((Drafting) null).with((CloudLink) null));
        same(results, "weightBytes", plain.footprint().weightBytes());
        same(results, "kvBytes", plain.footprint().kvBytes());
        same(results, "capacityBytes", plain.footprint().capacityBytes());
        assertThat(results.get("fits").booleanValue()).isEqualTo(plain.footprint().fits());
        same(results, "tokensPerSecond", plain.decode().tokensPerSecond());
        same(results, "totalTokensPerSecond", plain.totalTokensPerSecond());
        same(results, "bytesPerToken", plain.bytesPerToken());
        assertThat(results.get("bound").stringValue()).isEqualTo(plain.decode().bound().name().toLowerCase(Locale.ROOT));
        same(results, "ttftSeconds", plain.ttftSeconds());
        same(results, "prefillTokensPerSecond", plain.prefill().tokensPerSecond());
        same(results, "joulesPerToken", plain.joulesPerToken());
        CloudRates rates = Planner.plan(request).cloud().orElseThrow();
        same(results, "cloudTokensPerSecond", rates.tokensPerSecond());
        same(results, "cloudTtftSeconds", rates.ttftSeconds());
        same(results, "togetherTokensPerSecond", rates.togetherTokensPerSecond());
        same(results, "cloudPassesPerToken", rates.passesPerToken());
        compareFormulas(design, results);
        Plan drafted = Planner.plan(request.with((CloudLink) null));
        if (drafted.footprint().fits()) {
            same(results, "draftedTokensPerSecond", drafted.decode().tokensPerSecond());
        }
        return drafted.footprint().fits() && drafted.decode().isKnown();
    }

    private static void compareFormulas(Design design, JsonNode results) {
        Drafting drafting = design.request().drafting().orElseThrow();
        same(results, "expectedTokens", Speculation.expectedTokens(drafting.acceptance(), drafting.draftTokens()));
        same(results, "speculationSpeedUp", Speculation.speedUp(drafting.acceptance(), drafting.draftTokens(), design.draftCost()));
        same(results, "silentReading", ReadingSpeed.SILENT.tokensPerSecond(design.tokensPerWord()));
        same(results, "normalReading", ReadingSpeed.NORMAL.tokensPerSecond(design.tokensPerWord()));
        same(results, "skimming", ReadingSpeed.SKIMMING.tokensPerSecond(design.tokensPerWord()));
    }

    private static void same(JsonNode results, String name, double expected) {
        JsonNode found = results.get(name);
        // JSON has no NaN.
        double value = found.isNull() ? Double.NaN : found.doubleValue();
        assertThat(value).as(name).satisfies(number -> assertThat(Double.isNaN(number) ? Double.isNaN(expected)
                : Math.abs(number - expected) <= TOLERANCE * Math.abs(expected)).as("%s, expected %s", number, expected).isTrue());
    }
}
