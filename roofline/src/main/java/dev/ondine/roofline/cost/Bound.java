package dev.ondine.roofline.cost;

/** What a step waits for most. */
public enum Bound { MEMORY, COMPUTE, OVERHEAD, FLASH, LINK, UNKNOWN }
