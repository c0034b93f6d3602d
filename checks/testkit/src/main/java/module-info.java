/** What tests of several modules share; knows no other module of Ondine. */
module dev.ondine.testkit {
    requires transitive org.junit.jupiter.api;
    requires transitive tools.jackson.databind;
    exports dev.ondine.testkit;
}
