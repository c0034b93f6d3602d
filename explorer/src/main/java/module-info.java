/** The architect's bench: charts, what-if pages, scenarios on a virtual clock. */
module dev.ondine.explorer {
    requires transitive dev.ondine.files;
    requires transitive dev.ondine.os;
    requires transitive dev.ondine.roofline;
    requires transitive dev.ondine.synth;
    requires java.desktop;
    requires tools.jackson.databind;
    requires xchart;
    exports dev.ondine.explorer.calibrate;
    exports dev.ondine.explorer.chart;
    exports dev.ondine.explorer.page;
    exports dev.ondine.explorer.replay;
    exports dev.ondine.explorer.shape;
    exports dev.ondine.explorer.simulate;
    exports dev.ondine.explorer.validate;
}
