package dev.ondine.roofline.plan;

import dev.ondine.roofline.cost.Bound;
import dev.ondine.roofline.cost.CostModel;
import dev.ondine.roofline.cost.Demand;
import dev.ondine.roofline.cost.Step;
import dev.ondine.roofline.cost.StepTime;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;

/** Predicts what a model does on a device. A pure function: equal requests, equal plans. */
public final class Planner {

    private final PlanRequest request;
    private final CostModel model;
    private final Footprint footprint;

    private Planner(PlanRequest request) {
        this.request = request;
        this.model = request.costModel();
        this.footprint = Footprint.of(request);
    }

    /** @throws IllegalArgumentException if the device lacks a figure without which nothing can be said */
    public static Plan plan(PlanRequest request) {
        return new Planner(request).plan();
    }

    private Plan plan() {
        Workload workload = request.workload();
        Demand demand = demand(request.shape(), request.precision(), decodeStep());
        StepTime time = model.time(demand);
        double seconds = withFlash(time.seconds(), demand);
        Rate plain = rate(1 / seconds, time.bound());
        Rate decode = request.drafting().map(this::drafted).orElse(plain);
        double prefillSeconds = prefillSeconds();
        return new Plan(request, footprint, prefillRate(prefillSeconds), decode, plain, time, demand.bytes() / workload.batch(),
                prefillSeconds, request.drafting().map(drafting -> draftedJoules(drafting, decode)).orElseGet(
                        () -> EnergyAssumptions.of(request.device()).joules(demand, seconds) / workload.batch()),
                request.cloud().map(this::cloudRates));
    }

    private Step decodeStep() {
        return Step.decode(request.workload().batch(), request.workload().contextTokens());
    }

    /** The check of a draft: each sequence's drafted tokens and the one before them. */
    private Step checkStep(Drafting drafting) {
        int rows = Math.multiplyExact(drafting.draftTokens() + 1, request.workload().batch());
        return new Step(rows, rows, request.workload().batch(), request.workload().contextTokens());
    }

    private Demand demand(ModelShape shape, Precision precision, Step step) {
        return Demand.of(shape, precision, request.kvFormat(), step);
    }

    /** The weights that do not fit are read from flash in every step; nothing hides that. */
    private double withFlash(double seconds, Demand demand) {
        double missingBytes = demand.weightBytes() * (1 - footprint.residentShare());
        return missingBytes == 0 ? seconds : seconds + missingBytes / request.device().number(Spec.FLASH_READ, Double.NaN);
    }

    private Rate rate(double tokensPerSecond, Bound bound) {
        return new Rate(tokensPerSecond, Double.isNaN(tokensPerSecond) ? Bound.UNKNOWN : footprint.fits() ? bound : Bound.FLASH);
    }

    private double prefillSeconds() {
        Workload workload = request.workload();
        double seconds = 0;
        for (int done = 0; done < workload.promptTokens(); done += workload.chunkTokens()) {
            Demand demand = demand(request.shape(), request.precision(), chunk(done));
            seconds += withFlash(model.time(demand).seconds(), demand);
        }
        return seconds;
    }

    private Step chunk(int done) {
        int left = request.workload().promptTokens() - done;
        return Step.prefill(Math.min(request.workload().chunkTokens(), left), done, left <= request.workload().chunkTokens());
    }

    private Rate prefillRate(double seconds) {
        return rate(request.workload().promptTokens() / seconds, model.time(demand(request.shape(), request.precision(), chunk(0))).bound());
    }

    private double draftSeconds(Drafting drafting) {
        return model.time(demand(drafting.shape(), drafting.precision(), decodeStep())).seconds();
    }

    private Rate drafted(Drafting drafting) {
        Demand check = demand(request.shape(), request.precision(), checkStep(drafting));
        StepTime checked = model.time(check);
        double round = drafting.draftTokens() * draftSeconds(drafting) + withFlash(checked.seconds(), check);
        return rate(drafting.tokensPerRound() / round, checked.bound());
    }

    private double draftedJoules(Drafting drafting, Rate decode) {
        EnergyAssumptions energy = EnergyAssumptions.of(request.device());
        int batch = request.workload().batch();
        double round = drafting.tokensPerRound() / decode.tokensPerSecond();
        return (energy.joules(demand(request.shape(), request.precision(), checkStep(drafting)), round)
                + drafting.draftTokens() * energy.joules(demand(drafting.shape(), drafting.precision(), decodeStep()), 0))
                / batch / drafting.tokensPerRound();
    }

    private CloudRates cloudRates(CloudLink cloud) {
        CostModel there = PlanRequest.costModel(cloud.device(), cloud.efficiency());
        double step = there.time(demand(request.shape(), cloud.precision(), decodeStep())).seconds();
        double prompt = 0;
        for (int done = 0; done < request.workload().promptTokens(); done += request.workload().chunkTokens()) {
            prompt += there.time(demand(request.shape(), cloud.precision(), chunk(done))).seconds();
        }
        return new CloudRates(1 / step, cloud.roundTripSeconds() + prompt,
                request.drafting().map(drafting -> together(drafting, cloud, there)).orElse(Double.NaN),
                request.drafting().map(drafting -> 1 / drafting.tokensPerRound()).orElse(Double.NaN));
    }

    private double together(Drafting drafting, CloudLink cloud, CostModel there) {
        double check = there.time(demand(request.shape(), cloud.precision(), checkStep(drafting))).seconds();
        return drafting.tokensPerRound() / (drafting.draftTokens() * draftSeconds(drafting) + cloud.roundTripSeconds() + check);
    }
}
