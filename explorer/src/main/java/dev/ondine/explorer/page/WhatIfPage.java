package dev.ondine.explorer.page;

import dev.ondine.roofline.catalogue.ModelCard;
import dev.ondine.roofline.device.Device;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One HTML file in which everything about a model on a device can be moved, with the charts that follow. It needs no network: style,
 * program, charts and catalogue are inside.
 */
public final class WhatIfPage {

    /** In the order in which they build on each other. */
    private static final List<String> PROGRAM = List.of("cost.js", "plan.js", "state.js", "numbers.js", "charts.js",
            "headline.js", "page.js");

    private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

    private final List<Device> devices;
    private final List<ModelCard> models;
    private final Map<String, String> start;

    /**
     * A page that starts with a usual model on a usual phone.
     *
     * @param devices to choose from; those without a known bandwidth are left out
     * @param models  to choose from, the newest first; those without a known size, and those without text, are left out
     */
    public WhatIfPage(List<Device> devices, List<ModelCard> models) {
        this(devices, models, Map.of());
    }

    private WhatIfPage(List<Device> devices, List<ModelCard> models, Map<String, String> start) {
        this.devices = List.copyOf(devices);
        this.models = List.copyOf(models);
        this.start = start;
    }

    /**
     * The same page with other first settings; an address that has settings of its own overrides them.
     *
     * @param settings as in the address after {@code #}, in the units of the page: {@code device}, {@code model}, {@code cloud},
     *                 {@code bits}, {@code context}, {@code bandwidth} (GB/s), {@code rtt} (ms) …
     */
    public WhatIfPage startingWith(Map<String, String> settings) {
        return new WhatIfPage(devices, models, Map.copyOf(settings));
    }

    /** The whole file. */
    public String html() {
        Map<String, String> parts = Map.of(
                "style", resource("page.css"),
                "catalogue", PageData.json(devices, models, start),
                "echarts", script(resource("echarts.min.js")),
                "program", script(program()));
        return PLACE.matcher(resource("page.html")).replaceAll(place -> Matcher.quoteReplacement(parts.get(place.group(1))));
    }

    private static String program() {
        return PROGRAM.stream().map(WhatIfPage::resource).collect(Collectors.joining("\n"));
    }

    /** What would end the element, or begin a comment, can stand in strings and patterns only, where a backslash changes nothing. */
    private static String script(String source) {
        return source.replaceAll("(?i)</(?=script)", "<\\\\/").replace("<!--", "<\\!--");
    }

    private static String resource(String name) {
        try (InputStream stream = WhatIfPage.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException(name + " is missing from the program");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
