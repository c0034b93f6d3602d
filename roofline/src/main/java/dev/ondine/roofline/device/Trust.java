package dev.ondine.roofline.device;

/** How far a figure of the catalogue can be trusted. */
public enum Trust {
    /** Ondine measured it on the machine itself. */
    MEASURED,
    /** The maker or the authors say so, in a document that was read. */
    STATED,
    /** Follows from other figures, or is told by others than the maker. */
    INFERRED,
    /** Unconfirmed talk; charts draw it hollow. */
    RUMOURED,
    /** Chosen for a what-if. */
    ASSUMED,
    /** Nobody has published it. The figure has no value. */
    UNKNOWN
}
