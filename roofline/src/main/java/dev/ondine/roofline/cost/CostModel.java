package dev.ondine.roofline.cost;

/** How long one processor takes for what a step demands. Pure: equal demands, equal times. */
public interface CostModel {

    StepTime time(Demand demand);
}
