package dev.ondine.roofline.device;

/** Where a device is found. */
public enum DeviceKind { PHONE, PC, EDGE, CLOUD, WHAT_IF }
