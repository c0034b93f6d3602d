package dev.ondine.roofline.solve;

/** Which end of the values that are good enough is asked for. */
public enum Extreme { LEAST, MOST }
