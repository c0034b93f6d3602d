package dev.ondine.explorer.chart;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/** A chart as JSON: its components by their names. */
public final class ChartJson {

    private ChartJson() {
    }

    public static String write(Chart chart) {
        return JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE).build()
                .writeValueAsString(chart);
    }
}
