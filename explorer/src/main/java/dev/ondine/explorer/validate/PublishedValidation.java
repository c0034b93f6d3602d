package dev.ondine.explorer.validate;

import dev.ondine.roofline.catalogue.Catalogue;
import dev.ondine.roofline.catalogue.ModelCard;
import dev.ondine.roofline.catalogue.PublishedRate;
import dev.ondine.roofline.catalogue.PublishedRate.Stack;
import dev.ondine.roofline.cost.Efficiency;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Figure;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.plan.Plan;
import dev.ondine.roofline.plan.PlanRequest;
import dev.ondine.roofline.plan.Planner;
import dev.ondine.roofline.plan.Workload;
import java.util.List;

/** Predictions of what others measured, with the efficiency that a plan assumes if nobody gives one. */
public final class PublishedValidation {

    /** What several devices have several times as much of. What passes between them costs nothing here. */
    private static final List<Spec> SHARED_OUT = List.of(Spec.MEMORY_BANDWIDTH, Spec.MEMORY_CAPACITY, Spec.INT8_PEAK,
            Spec.FP16_PEAK, Spec.FP8_PEAK);

    private final Catalogue catalogue;

    public PublishedValidation(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** @throws IllegalArgumentException if a card names a device or model that the catalogue does not have */
    public PublishedReport run() {
        return new PublishedReport(catalogue.publishedRates().stream().map(this::residual).toList());
    }

    private PublishedResidual residual(PublishedRate published) {
        Device device = catalogue.device(published.device());
        ModelCard model = catalogue.model(published.model());
        double predicted = device.knows(Spec.MEMORY_BANDWIDTH)
                ? predicted(published, Planner.plan(request(published, device, model))) : Double.NaN;
        return new PublishedResidual(published, device.name(), model.name(), predicted);
    }

    private static PlanRequest request(PublishedRate published, Device device, ModelCard model) {
        PlanRequest request = PlanRequest.of(model.shape(), published.precision(), together(device.withoutKernels(), published.devices()));
        Efficiency efficiency = request.efficiency();
        return request.with(workload(published))
                .with(published.stack() == Stack.PLAIN ? efficiency.withMemory(Efficiency.PLAIN_STACK_MEMORY) : efficiency);
    }

    private static Workload workload(PublishedRate published) {
        return Workload.USUAL.withPrompt(published.promptTokens()).withContext(published.contextTokens()).withBatch(published.batch());
    }

    private static Device together(Device device, int devices) {
        Device all = device;
        for (Spec spec : SHARED_OUT) {
            if (devices > 1 && device.knows(spec)) {
                all = all.with(spec, Figure.assumed(devices * device.required(spec), "%d devices".formatted(devices)));
            }
        }
        return all;
    }

    private static double predicted(PublishedRate published, Plan plan) {
        return switch (published.quantity()) {
            case DECODE -> plan.totalTokensPerSecond();
            case PREFILL -> plan.prefill().tokensPerSecond();
            case FIRST_TOKEN -> plan.ttftSeconds();
        };
    }
}
