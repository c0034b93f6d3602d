/** The command line; {@code Main} wires the program. */
module dev.ondine.cli {
    requires dev.ondine.api;
    requires dev.ondine.engine;
    requires dev.ondine.os;
    requires dev.ondine.explorer;
    requires dev.ondine.kernels;
    requires dev.ondine.pebble;
    requires dev.ondine.server;
    requires dev.ondine.synth;
    requires info.picocli;
    requires org.jline;
    requires java.management;
    requires jdk.management;
    requires tools.jackson.databind;
    opens dev.ondine.cli to info.picocli;
}
