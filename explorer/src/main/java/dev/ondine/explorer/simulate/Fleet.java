package dev.ondine.explorer.simulate;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Many devices that share a cloud. Each lives its own day, with a seed and a time zone of its own; what they send to the cloud then goes
 * through a {@linkplain SharedCloud model of its servers}. Devices do not feel the queues: a wait adds to a request, not to what follows.
 */
public final class Fleet {

    private final Scenario scenario;
    private final Simulation simulation;

    /** @throws IllegalArgumentException if the scenario has no fleet or no cloud */
    public Fleet(Scenario scenario, DesignCatalogue catalogue) {
        if (scenario.fleet().isEmpty() || scenario.cloud().isEmpty()) {
            throw new IllegalArgumentException("scenario \"%s\" has no %s, but a fleet needs one".formatted(scenario.name(),
                    scenario.fleet().isEmpty() ? "\"fleet\"" : "\"cloud\""));
        }
        simulation = new Simulation(scenario, catalogue);
        this.scenario = simulation.scenario();
    }

    /** All processors work; equal seeds give equal reports. */
    public FleetReport run(long seed) {
        Scenario.FleetPlan plan = scenario.fleet().orElseThrow();
        List<Member> members = IntStream.range(0, plan.devices()).parallel().mapToObj(device -> live(device, plan, seed)).toList();
        Tally all = new Tally();
        CloudRequests requests = new CloudRequests();
        for (Member member : members) {
            requests.add(member.requests);
            all.add(member.tally);
        }
        CloudRequests ordered = requests.sorted();
        return new FleetReport(scenario.name(), seed, plan.devices(), all.arrivals, all.completed, all.refused,
                members.stream().mapToLong(Member::steps).sum(), members.stream().mapToDouble(Member::joules).sum(), all.deviceTokens,
                all.cloudTokens, all.lateFirstTokens + all.lateCompletions, cloud(ordered, plan.servers()), plan.waitTarget(),
                needed(ordered, plan));
    }

    private record Member(CloudRequests requests, Tally tally, long steps, double joules) {
    }

    private Member live(int device, Scenario.FleetPlan plan, long seed) {
        CloudRequests requests = new CloudRequests();
        double zoneHours = plan.zoneHours().get(device % plan.zoneHours().size());
        // An odd factor spreads neighbouring seeds over all bits.
        DeviceRun run = simulation.deviceRun(seed + 0x9E3779B97F4A7C15L * (device + 1), 3600 * zoneHours, requests).run();
        Tally tally = new Tally();
        for (Tally stream : run.tallies) {
            tally.add(stream);
        }
        return new Member(requests, tally, run.steps, run.power.drawnJoules());
    }

    private FleetReport.CloudLoad cloud(CloudRequests requests, int servers) {
        return SharedCloud.run(scenario.cloud().orElseThrow(), requests, servers, scenario.fleet().orElseThrow().slots(),
                scenario.seconds());
    }

    /** The fewest servers whose p99 wait is within the target; more servers never make it longer by much, so halving finds them. */
    private FleetReport.CloudLoad needed(CloudRequests requests, Scenario.FleetPlan plan) {
        int enough = 1;
        FleetReport.CloudLoad best = cloud(requests, enough);
        while (best.queueing().p99() > plan.waitTarget()) {
            enough *= 2;
            best = cloud(requests, enough);
        }
        int few = enough / 2;
        while (enough - few > 1) {
            int middle = (enough + few) >>> 1;
            FleetReport.CloudLoad load = cloud(requests, middle);
            if (load.queueing().p99() > plan.waitTarget()) {
                few = middle;
            } else {
                enough = middle;
                best = load;
            }
        }
        return best;
    }
}
