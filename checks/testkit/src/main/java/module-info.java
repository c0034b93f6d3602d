/** What tests of several modules share; knows no other module of Ondine. */
module dev.ondine.testkit {
    requires transitive org.junit.jupiter.api;
    requires transitive tools.jackson.databind;
    requires jdk.management;
    exports dev.ondine.testkit;
}
