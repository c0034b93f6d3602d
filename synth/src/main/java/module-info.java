/** Models with random weights, in the shape of known ones. */
module dev.ondine.synth {
    requires dev.ondine.pebble;
    requires transitive dev.ondine.files;
    exports dev.ondine.synth;
}
