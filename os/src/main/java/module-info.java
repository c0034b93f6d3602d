/** Tasks that share a model: the scheduler, its memory, and the thread that runs steps. */
module dev.ondine.os {
    requires transitive dev.ondine.engine;
    requires transitive dev.ondine.roofline;
    exports dev.ondine.os;
    exports dev.ondine.os.memory;
    exports dev.ondine.os.simulate;
}
