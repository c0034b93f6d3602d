package dev.ondine.roofline.formula;

/** What tokens stand for. */
public enum Modality { TEXT, IMAGE, AUDIO, VIDEO, ACTION }
