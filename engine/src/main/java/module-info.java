/** Sequences, batches, sampling: mechanism without policy. */
module dev.ondine.engine {
    requires transitive dev.ondine.models;
    requires transitive dev.ondine.text;
    exports dev.ondine.engine;
}
