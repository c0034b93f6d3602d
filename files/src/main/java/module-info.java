/** Model files: reading and writing. */
module dev.ondine.files {
    requires transitive dev.ondine.tensor;
    exports dev.ondine.files;
}
