/** The embedded model, a resource. */
module dev.ondine.pebble {
    exports dev.ondine.pebble;
}
