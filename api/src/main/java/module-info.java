/** Ondine for programs that embed it: models on this machine, shared between tasks. */
module dev.ondine.api {
    requires transitive dev.ondine.explorer;
    requires transitive dev.ondine.kernels;
    requires transitive dev.ondine.os;
    requires dev.ondine.pebble;
    requires tools.jackson.databind;
    exports dev.ondine.api;
    exports dev.ondine.api.start;
}
