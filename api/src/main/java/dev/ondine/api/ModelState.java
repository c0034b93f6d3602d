package dev.ondine.api;

/** Where a model stands. */
public enum ModelState {
    /** Its file is known; the first task loads it. */
    KNOWN,
    LOADING,
    /** Tasks can run. */
    READY,
    /** Its tasks end, or are waited for. */
    UNLOADING,
    /** The last try to load it failed; the next task tries again. */
    FAILED
}
