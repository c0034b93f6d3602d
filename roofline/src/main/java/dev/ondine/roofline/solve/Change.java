package dev.ondine.roofline.solve;

import dev.ondine.roofline.plan.PlanRequest;

/** A request changed in one respect, and the change in words. */
record Change(String words, String remark, PlanRequest request) {

    Change(String words, PlanRequest request) {
        this(words, "", request);
    }
}
