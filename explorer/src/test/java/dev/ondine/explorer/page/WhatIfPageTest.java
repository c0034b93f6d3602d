package dev.ondine.explorer.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.roofline.catalogue.Catalogue;
import dev.ondine.roofline.catalogue.ModelCard;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.DeviceKind;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.shape.ModelShape;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class WhatIfPageTest {

    private static final Pattern CHART_LIBRARY = Pattern
            .compile("<script>\\s*/\\*\\s*\\* Licensed to the Apache.*?</script>", Pattern.DOTALL);

    private final Catalogue catalogue = Catalogue.builtIn();
    private final String html = new WhatIfPage(catalogue.devices(), catalogue.models()).html();

    @Test
    void needsNothingFromElsewhere() {
        String ours = CHART_LIBRARY.matcher(html).replaceFirst("");
        assertThat(ours).hasSizeLessThan(html.length() - 1_000_000)
                .doesNotContainPattern("(?i)https?://").doesNotContainPattern("(?i)\\bsrc\\s*=").doesNotContainPattern("(?i)@import")
                .doesNotContainPattern("(?i)url\\(").doesNotContainPattern("(?i)<link\\b").doesNotContain("{{");
        // What the chart library names on the network is its licences and the names of XML's vocabularies.
        assertThat(Pattern.compile("https?://([\\w.]+)").matcher(html).results().map(found -> found.group(1)).distinct())
                .containsOnly("www.apache.org", "www.w3.org", "github.com");
    }

    @Test
    void carriesTheLicenceNoticeOfTheChartLibrary() {
        assertThat(html).contains("Licensed to the Apache Software Foundation (ASF) under one", "Apache License 2.0");
    }

    @Test
    void holdsTheCatalogue() {
        JsonNode data = data(html);
        assertThat(data.get("devices").size()).isEqualTo(catalogue.devices().stream()
                .filter(device -> device.knows(Spec.MEMORY_BANDWIDTH)).count());
        JsonNode phone = find(data.get("devices"), "dimensity-9300");
        assertThat(phone.get("figures").get("memory bandwidth").get(0).doubleValue()).isCloseTo(76.8e9, within(1.0));
        JsonNode mixtral = find(data.get("models"), "mixtral-8x7b");
        ModelShape shape = catalogue.model("mixtral-8x7b").shape();
        assertThat(mixtral.get("parameters").longValue()).isEqualTo(shape.parameters());
        JsonNode experts = mixtral.get("experts").get(0);
        assertThat(mixtral.get("layer").longValue() + mixtral.get("vector").longValue() + mixtral.get("output").longValue()
                + shape.vocabSize() * shape.modelDim() + experts.get("elements").longValue() * experts.get("experts").longValue())
                .isEqualTo(shape.parameters());
    }

    @Test
    void leavesOutWhatNothingFollowsFor() {
        assertThat(data(html).get("models").valueStream().map(model -> model.get("id").stringValue()))
                .doesNotContain("alexnet", "resnet-50");
        Device nameless = new Device("nothing-known", "Nothing", "", DeviceKind.PHONE, "", List.of(), Map.of(), Optional.empty());
        assertThat(data(new WhatIfPage(List.of(nameless), List.of()).html()).get("devices")).isEmpty();
    }

    @Test
    void namesCannotBreakOutOfTheData() {
        String hostile = "</script><script>alert(1)</script><!--{{echarts}}";
        Device device = Device.imaginary().with(Spec.MEMORY_BANDWIDTH, 1e9);
        Device named = new Device("x", hostile, "", device.kind(), "", List.of(), device.figures(), Optional.empty());
        String page = new WhatIfPage(List.of(named), List.of()).html();
        assertThat(data(page).get("devices").get(0).get("name").stringValue()).isEqualTo(hostile);
        assertThat(page.split("</script>", -1)).hasSameSizeAs(html.split("</script>", -1));
    }

    @Test
    void startsWithGivenSettings() {
        List<ModelCard> models = catalogue.models();
        JsonNode start = data(new WhatIfPage(catalogue.devices(), models).startingWith(Map.of("bits", "8", "device", "h100")).html())
                .get("start");
        assertThat(start.get("bits").stringValue()).isEqualTo("8");
        assertThat(start.get("device").stringValue()).isEqualTo("h100");
    }

    @Test
    void writesUtf8(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("what-if.html");
        Files.writeString(file, new WhatIfPage(catalogue.devices(), catalogue.models()).html());
        assertThat(Files.readString(file, StandardCharsets.UTF_8)).isEqualTo(html).contains("Acceptance α", "charset=\"utf-8\"");
    }

    private static JsonNode data(String page) {
        String before = "<script type=\"application/json\" id=\"catalogue\">";
        int start = page.indexOf(before) + before.length();
        return new JsonMapper().readTree(page.substring(start, page.indexOf("</script>", start)));
    }

    private static JsonNode find(JsonNode list, String id) {
        return list.valueStream().filter(item -> item.get("id").stringValue().equals(id)).findFirst().orElseThrow();
    }
}
