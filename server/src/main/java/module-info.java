/** The HTTP server: the APIs that others defined, and what only Ondine has. */
module dev.ondine.server {
    requires transitive dev.ondine.api;
    requires dev.ondine.text;
    requires io.helidon.common.task;
    requires io.helidon.http;
    requires io.helidon.webserver;
    requires java.logging;
    requires micrometer.core;
    requires micrometer.registry.prometheus;
    requires transitive tools.jackson.databind;
    exports dev.ondine.server;
    exports dev.ondine.server.failure;
    exports dev.ondine.server.http;
    exports dev.ondine.server.json;
}
