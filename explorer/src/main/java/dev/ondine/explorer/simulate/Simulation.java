package dev.ondine.explorer.simulate;

import dev.ondine.roofline.cost.StepCosts;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A scenario that is ready to run: device and model are looked up, the costs of its steps are known. Runs share nothing that changes. */
public final class Simulation {

    private final Scenario scenario;
    private final Device device;
    private final ModelShape model;
    private final Supplier<? extends DayPolicy> policies;
    private final List<Double> trafficLevels;
    private final StepCosts[] costs;

    /** First come, first served. */
    public Simulation(Scenario scenario, DesignCatalogue catalogue) {
        this(scenario, catalogue, () -> new FifoPolicy(scenario.design().batch(), scenario.design().chunk()));
    }

    /**
     * @param policies gives each run one of its own
     * @throws IllegalArgumentException if device or model are unknown, or too little is known of them
     */
    public Simulation(Scenario described, DesignCatalogue catalogue, Supplier<? extends DayPolicy> policies) {
        scenario = described.resolved(catalogue);
        this.policies = policies;
        device = scenario.design().device(catalogue);
        model = scenario.design().model(catalogue);
        trafficLevels = Course.trafficLevels(scenario);
        costs = trafficLevels.stream().map(traffic -> scenario.design().costs(catalogue, traffic)).toArray(StepCosts[]::new);
    }

    public static ScenarioReport run(Scenario scenario, DesignCatalogue catalogue, long seed) {
        return new Simulation(scenario, catalogue).run(seed);
    }

    /** Equal seeds give equal reports. */
    public ScenarioReport run(long seed) {
        return report(deviceRun(seed, 0, CloudLog.NONE).run(), seed);
    }

    /** @param zoneSeconds that the device's clock is ahead of the scenario's */
    DeviceRun deviceRun(long seed, double zoneSeconds, CloudLog log) {
        double localStart = DaySpan.secondOfDay(scenario.localStart() + zoneSeconds);
        return new DeviceRun(scenario, Course.of(scenario, localStart, trafficLevels), costs, policies.get(),
                device.number(Spec.IDLE_POWER, 0), model.contextLength(), localStart, seed, log);
    }

    Scenario scenario() {
        return scenario;
    }

    private ScenarioReport report(DeviceRun run, long seed) {
        ReportMaker maker = new ReportMaker(scenario, run);
        return maker.report(seed, Precision.named(scenario.design().format()).bytes(model), costs[0].cacheBytesPerToken(), assumptions());
    }

    private List<String> assumptions() {
        List<String> assumptions = new ArrayList<>();
        note(assumptions, Spec.MEMORY_ENERGY, "taken as 7 pJ/bit (LPDDR5)");
        note(assumptions, Spec.MAC_ENERGY, "taken as 0.23 pJ a multiply-accumulate");
        note(assumptions, Spec.IDLE_POWER, "taken as 0 W");
        double weights = Precision.named(scenario.design().format()).bytes(model);
        double room = device.number(Spec.MEMORY_CAPACITY, Double.NaN) - device.number(Spec.MEMORY_RESERVED, 0);
        if (Double.isNaN(room)) {
            assumptions.add("memory capacity is unknown: the model is taken to fit");
        } else if (weights > room) {
            assumptions.add("the weights take %.2f GB, the device has room for %.2f GB: it is taken to have more"
                    .formatted(weights / 1e9, room / 1e9));
        }
        return assumptions;
    }

    private void note(List<String> assumptions, Spec spec, String instead) {
        if (!device.knows(spec)) {
            assumptions.add("%s is unknown: %s".formatted(spec.key(), instead));
        }
    }
}
