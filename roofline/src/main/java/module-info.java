/** Devices, model shapes, and what a step costs: bytes, operations, seconds, joules. Pure functions over catalogues. */
module dev.ondine.roofline {
    requires transitive dev.ondine.tensor;
    exports dev.ondine.roofline.catalogue;
    exports dev.ondine.roofline.cost;
    exports dev.ondine.roofline.device;
    exports dev.ondine.roofline.formula;
    exports dev.ondine.roofline.plan;
    exports dev.ondine.roofline.shape;
    exports dev.ondine.roofline.solve;
}
