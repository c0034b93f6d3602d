/** One file per architecture, and the layers they share. */
module dev.ondine.models {
    requires transitive dev.ondine.files;
    exports dev.ondine.models;
}
